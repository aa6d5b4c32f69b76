import { holdsPermission, isStaff, type Principal } from '../actor';
import { coversAgent } from './conversation-policy';

/** A visitor, and everybody whose records would be read or erased with it. */
export interface VisitorSubject {
  readonly workspaceId: string;
  readonly visitorId: string;
  readonly agentId: string;
  /** Of each of its conversations; before the first one, of its agent. Null: staff alone. Never empty. */
  readonly organizationIds: readonly (string | null)[];
}

/**
 * Export and erase everything that is stored about a visitor: staff, the visitor itself, and who manages the one
 * organization that all of its conversations belong to. One conversation with another organization takes staff.
 */
export function mayHoldVisitorData(principal: Principal, subject: VisitorSubject): boolean {
  const { workspaceId, organizationIds } = subject;
  if (principal.workspaceId !== workspaceId) return false;
  if (isStaff(principal)) return true;
  if (principal.kind === 'VISITOR') return principal.visitorId === subject.visitorId;
  return (
    coversAgent(principal, subject.agentId) &&
    organizationIds.every((organizationId) =>
      holdsPermission(principal, 'MANAGE_ORGANIZATION', { workspaceId, organizationId }),
    )
  );
}
