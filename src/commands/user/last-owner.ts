import { IsNull, Not } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { User } from '../../entities/user';

/**
 * Whether nobody would own the workspace any more without this person. Ask under `lockWorkspace`: two owners may
 * disable each other at the same moment, and whoever comes second has to find the first one gone.
 */
export async function isLastOwner(transaction: Transaction, user: User): Promise<boolean> {
  if (user.workspaceRole !== 'OWNER' || user.disabledAt !== null) return false;
  const others = { id: Not(user.id), workspaceRole: 'OWNER', disabledAt: IsNull() } as const;
  return (await transaction.rows(User, user.workspaceId).find(others)) === null;
}
