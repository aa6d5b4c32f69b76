import { type FindOptionsWhere, In, IsNull } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { Session } from '../../entities/session';
import { accessEnded } from './access-events';

/**
 * Ends the open sessions of a person (or those of them that `which` names), their sockets on every process included.
 * Returns how many there were. Lock the person first where none may be opened meanwhile.
 */
export async function endSessions(
  transaction: Transaction,
  user: { readonly workspaceId: string; readonly id: string },
  revokedAt: Date,
  which: FindOptionsWhere<Session> = {},
): Promise<number> {
  const { workspaceId, id: userId } = user;
  const sessions = transaction.rows(Session, workspaceId);
  const open = await sessions.list({ ...which, userId, revokedAt: IsNull() }, { id: 'ASC' });
  const ids = open.map((session) => session.id);
  transaction.append(...ids.map((id) => accessEnded(workspaceId, id)));
  return sessions.update({ id: In(ids), revokedAt: IsNull() }, { revokedAt });
}
