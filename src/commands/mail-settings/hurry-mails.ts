import type { Transaction } from '../../database/transact';

/** Mails that wait for a server that did not work are tried again now, since it does: their sweeper looks every few seconds. */
export async function hurryMails({ manager }: Transaction, workspaceId: string): Promise<void> {
  await manager.query(
    `update deliveries set due_at = now()
     where workspace_id = $1 and channel = 'EMAIL' and state = 'PENDING' and attempts > 0 and due_at > now() + interval '1 minute'`,
    [workspaceId],
  );
}
