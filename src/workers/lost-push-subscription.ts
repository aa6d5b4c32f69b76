import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '../database/ids';
import { writeOutbox } from '../database/outbox';
import { within } from '../database/scope';
import { Notification } from '../entities/notification';
import { PushSubscription } from '../entities/push-subscription';

/** Removes a browser that its push service does not know any more, and says so under the bell, once. */
export async function losePushSubscription(source: DataSource, subscription: PushSubscription): Promise<void> {
  const { id, workspaceId, endpoint } = subscription;
  await within(source, subscription, async (manager) => {
    // By its endpoint too: the browser may have registered again under the same row.
    const { affected } = await manager.delete(PushSubscription, { id, workspaceId, endpoint });
    if (affected === 1) await tellOfLoss(manager, subscription);
  });
}

async function tellOfLoss(manager: EntityManager, subscription: PushSubscription): Promise<void> {
  const { id: subjectId, workspaceId, userId, userAgent, endpoint } = subscription;
  const [clock] = await manager.query<[{ now: Date }]>('select clock_timestamp() as now');
  const browser = (userAgent ?? '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 100);
  const notification: Notification = {
    id: newId(),
    workspaceId,
    userId,
    kind: 'PUSH_SUBSCRIPTION_LOST',
    subjectId,
    conversationId: null,
    title: 'A browser of yours gets no push any more',
    body: `${browser === '' ? 'A browser' : browser} (${new URL(endpoint).host}) is no longer known to its push service. Register it again to be told there.`,
    quietUntil: null,
    seenAt: null,
    createdAt: clock.now,
  };
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Notification)
    .values(notification)
    .orIgnore()
    .returning('id')
    .execute();
  if ((inserted.raw as unknown[]).length === 0) return;
  const nowhere = { organizationId: null, agentId: null, conversationId: null };
  await writeOutbox(manager, [
    {
      name: 'NOTIFICATION_ADDED',
      workspaceId,
      ...nowhere,
      userId,
      subjectId: notification.id,
      snapshot: { ...notification },
    },
  ]);
}
