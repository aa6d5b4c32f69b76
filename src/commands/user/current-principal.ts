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

type Known = Pick<UserPrincipal, 'workspaceId' | 'userId' | 'sessionId'>;

/** The same for a person of whom only the ids are known. */
export async function currentUser(transaction: Transaction, known: Known): Promise<UserPrincipal> {
  const { workspaceId, userId, sessionId } = known;
  const user = await transaction.rows(User, workspaceId).find({ id: userId });
  const ids = { kind: 'USER', workspaceId, userId, sessionId } as const;
  if (user === null || user.disabledAt !== null) {
    return { ...ids, organizationId: null, workspaceRole: null, permissions: [], agentIds: [] };
  }
  const { organizationId, workspaceRole, permissions } = user;
  return { ...ids, organizationId, workspaceRole, permissions, agentIds: await readMemberAgents(transaction, user) };
}
