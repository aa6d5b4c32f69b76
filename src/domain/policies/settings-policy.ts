import { holdsPermission, isStaff, type Principal } from '../actor';
import { coversAgent } from './conversation-policy';

interface Owner {
  readonly workspaceId: string;
  readonly organizationId: string | null;
}

/** Staff alone: organizations, agents and keys of the workspace. */
export function mayManageWorkspace(principal: Principal, workspaceId: string): boolean {
  return isStaff(principal) && principal.workspaceId === workspaceId;
}

export function maySee(principal: Principal, owner: Owner): boolean {
  if (principal.workspaceId !== owner.workspaceId) return false;
  if (isStaff(principal)) return true;
  return (
    principal.kind === 'USER' && owner.organizationId !== null && principal.organizationId === owner.organizationId
  );
}

export function mayManageOrganization(
  principal: Principal,
  organization: { workspaceId: string; id: string },
): boolean {
  return holdsPermission(principal, 'MANAGE_ORGANIZATION', {
    workspaceId: organization.workspaceId,
    organizationId: organization.id,
  });
}

/** Whoever answers visitors of the organization, and whoever writes the answers down (`mayManageOrganization`). */
export function mayReadCannedAnswers(principal: Principal, owner: Owner): boolean {
  return (
    holdsPermission(principal, 'HANDLE_CONVERSATIONS', owner) ||
    holdsPermission(principal, 'MANAGE_ORGANIZATION', owner)
  );
}

export function mayManageMembers(principal: Principal, owner: Owner): boolean {
  return holdsPermission(principal, 'MANAGE_MEMBERS', owner);
}

export function maySeeAgent(principal: Principal, agent: Owner & { readonly id: string }): boolean {
  if (principal.workspaceId !== agent.workspaceId) return false;
  if (principal.kind === 'USER') return maySee(principal, agent) && coversAgent(principal, agent.id);
  return principal.agentId === null || principal.agentId === agent.id;
}

/** Handoff settings and the agent's own fields. */
export function mayManageAgent(principal: Principal, agent: Owner & { readonly id: string }): boolean {
  return holdsPermission(principal, 'MANAGE_AGENT_SETTINGS', agent) && coversAgent(principal, agent.id);
}
