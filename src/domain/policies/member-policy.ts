import { hasScope, isStaff, PERMISSIONS, type Permission, type Principal, SCOPES, type WorkspaceRole } from '../actor';
import { hasEveryScope } from './scope-policy';
import { mayManageMembers } from './settings-policy';

/** What a member may do, and with which agents (null: all of its organization). */
export interface Reach {
  readonly permissions: readonly Permission[];
  readonly agentIds: readonly string[] | null;
}

export const NO_REACH: Reach = { permissions: [], agentIds: [] };

/**
 * The parts of `wanted` that the principal may not give: whoever is no staff, or a key without every scope, can add only
 * what they hold themselves.
 * What the member has already (`current`) may stay, and everything may be taken away.
 */
export function grantsBeyond(principal: Principal, current: Reach, wanted: Reach): (keyof Reach)[] {
  if (isStaff(principal) && hasEveryScope(principal)) return [];
  const own = reachOf(principal);
  const beyond: (keyof Reach)[] = [];
  const covered = [...current.permissions, ...own.permissions];
  if (!wanted.permissions.every((permission) => covered.includes(permission))) beyond.push('permissions');
  if (!includesAgents(together(own.agentIds, current.agentIds), wanted.agentIds)) beyond.push('agentIds');
  return beyond;
}

/**
 * Whether the principal may give a role on the staff, or change somebody who has it. An owner is made by owners alone;
 * an admin by nobody who can do less than an admin.
 */
export function mayManageStaff(principal: Principal, role: WorkspaceRole): boolean {
  if (role === 'ADMIN') return isStaff(principal) && hasEveryScope(principal);
  return principal.kind === 'USER' && principal.workspaceRole === 'OWNER';
}

/** Whether the principal may see and end somebody's sessions: one's own, a member's, and those of staff as an owner. */
export function mayEndSessions(
  principal: Principal,
  user: {
    readonly id: string;
    readonly workspaceId: string;
    readonly organizationId: string | null;
    readonly workspaceRole: WorkspaceRole | null;
  },
): boolean {
  if (principal.workspaceId !== user.workspaceId) return false;
  if (principal.kind === 'USER' && principal.userId === user.id) return true;
  return user.workspaceRole === null ? mayManageMembers(principal, user) : mayManageStaff(principal, 'OWNER');
}

function reachOf(principal: Principal): Reach {
  if (principal.kind === 'USER') return principal;
  if (!isStaff(principal)) return NO_REACH;
  return { permissions: PERMISSIONS.filter((permission) => hasScope(principal, SCOPES[permission])), agentIds: null };
}

function includesAgents(all: Reach['agentIds'], some: Reach['agentIds']): boolean {
  return all === null || (some !== null && some.every((id) => all.includes(id)));
}

function together(one: Reach['agentIds'], other: Reach['agentIds']): Reach['agentIds'] {
  return one === null || other === null ? null : [...one, ...other];
}
