import { IsNull } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { Session } from '../../entities/session';

/** Ends every open session of a person, their sockets within seconds. Returns how many there were. */
export async function endSessions(
  transaction: Transaction,
  user: { readonly workspaceId: string; readonly id: string },
  revokedAt: Date,
): Promise<number> {
  return transaction.rows(Session, user.workspaceId).update({ userId: user.id, revokedAt: IsNull() }, { revokedAt });
}
