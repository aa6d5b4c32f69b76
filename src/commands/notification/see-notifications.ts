import { type FindOptionsWhere, In } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { Notification } from '../../entities/notification';

/** Marks these as seen, and tells the person's other screens: what is seen in one place is seen everywhere. */
export async function seeNotifications(
  transaction: Transaction,
  workspaceId: string,
  unseen: FindOptionsWhere<Notification> & { readonly userId: string },
): Promise<void> {
  const notifications = transaction.rows(Notification, workspaceId);
  const rows = await notifications.list(unseen);
  if (rows.length === 0) return;
  const seenAt = await transaction.now();
  await notifications.update({ ...unseen, id: In(rows.map(({ id }) => id)) }, { seenAt });
  for (const row of rows) {
    transaction.append({
      name: 'NOTIFICATION_CHANGED',
      workspaceId,
      organizationId: null,
      agentId: null,
      conversationId: null,
      userId: row.userId,
      subjectId: row.id,
      snapshot: { ...row, seenAt },
    });
  }
}
