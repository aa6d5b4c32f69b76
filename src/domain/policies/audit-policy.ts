import { isStaff, type Principal } from '../actor';
import type { AuditActorKind } from '../audit';
import { maySee } from './settings-policy';

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
