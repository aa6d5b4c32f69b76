import { isStaff, type Principal } from '../actor';
import type { AuditActorKind } from '../audit';
import { hasEveryScope } from './scope-policy';
import { mayManageOrganization, mayManageWorkspace, maySee } from './settings-policy';

/**
 * Who reads what the audit log says of an organization, or of the workspace alone: its staff, who manages the
 * organization, and keys that may do everything, for the log tells of everything.
 */
export function mayReadAuditLog(
  principal: Principal,
  owner: { readonly workspaceId: string; readonly organizationId: string | null },
): boolean {
  const { workspaceId, organizationId } = owner;
  if (!hasEveryScope(principal)) return false;
  if (mayManageWorkspace(principal, workspaceId)) return true;
  return organizationId !== null && mayManageOrganization(principal, { workspaceId, id: organizationId });
}

interface TracedActor {
  readonly kind: AuditActorKind;
  readonly impersonatorId: string | null;
  /** The account behind the kind USER, for as long as there is one. */
  readonly person: { readonly workspaceId: string; readonly organizationId: string | null } | null;
}

/**
 * Whether somebody who may read an entry learns from where it was done. Staff do. Members do of their colleagues, and of
 * callers who are not signed in, whom they have to judge; not of visitors, of the partner's staff and its programs.
 */
export function mayTraceActor(principal: Principal, { kind, impersonatorId, person }: TracedActor): boolean {
  if (isStaff(principal)) return true;
  if (kind === 'ANONYMOUS') return true;
  return impersonatorId === null && person !== null && maySee(principal, person);
}
