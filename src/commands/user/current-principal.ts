import type { Transaction } from '../../database/transact';
import type { Principal, UserPrincipal } from '../../domain/actor';
import { User } from '../../entities/user';
import { readMemberAgents } from './member-agents';

/**
 * The principal as it is now. Ask under `lockWorkspace`, under which permissions change: of two members who take each
 * other's permissions at the same moment, the second one is then found without. Whoever has been disabled since the
 * request began may do nothing.
 */
export async function currentPrincipal(transaction: Transaction, principal: Principal): Promise<Principal> {
  return principal.kind === 'USER' ? currentUser(transaction, principal) : principal;
}

/** What stays what it was when the request began. */
type Known = Omit<UserPrincipal, 'organizationId' | 'workspaceRole' | 'permissions' | 'agentIds'>;

/** The same for a person of whom nothing else is known. */
export async function currentUser(transaction: Transaction, known: Known): Promise<UserPrincipal> {
  const user = await transaction.rows(User, known.workspaceId).find({ id: known.userId });
  if (user === null || user.disabledAt !== null) {
    return { ...known, organizationId: null, workspaceRole: null, permissions: [], agentIds: [] };
  }
  const { organizationId, workspaceRole, permissions } = user;
  return { ...known, organizationId, workspaceRole, permissions, agentIds: await readMemberAgents(transaction, user) };
}
