import type { Transaction } from '../../database/transact';
import { Workspace } from '../../entities/workspace';

/**
 * Lets one change of people or organizations at a time into a workspace. What has to be unique there (e-mail addresses,
 * slugs) and what must not run out (owners) can then be looked up and relied on until the commit.
 *
 * FOR NO KEY UPDATE: rows that only refer to the workspace go on being inserted meanwhile.
 */
export async function lockWorkspace(transaction: Transaction, workspaceId: string): Promise<void> {
  const lock = { mode: 'for_no_key_update' } as const;
  await transaction.manager.findOneOrFail(Workspace, { where: { id: workspaceId }, lock });
}
