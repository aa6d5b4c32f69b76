import { IsNull } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { PasswordReset } from '../../entities/password-reset';
import { User } from '../../entities/user';
import { endSessions } from './end-sessions';

/**
 * Gives a person another password. Whatever could still get in by the old one ends with it: every session, and every
 * link that is out. Returns how many sessions there were.
 */
export async function setPassword(
  transaction: Transaction,
  user: { readonly workspaceId: string; readonly id: string },
  passwordHash: string,
): Promise<number> {
  const { workspaceId, id } = user;
  const endedAt = await transaction.now();
  await transaction.rows(User, workspaceId).update({ id }, { passwordHash });
  await transaction.rows(PasswordReset, workspaceId).update({ userId: id, endedAt: IsNull() }, { endedAt });
  return endSessions(transaction, user, endedAt);
}
