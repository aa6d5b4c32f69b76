import type { DataSource, EntityManager, EntityTarget } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { newDelivery } from '../commands/delivery/new-delivery';
import { newId } from '../database/ids';
import { writeOutbox } from '../database/outbox';
import { within } from '../database/scope';
import { TOLD_ALONE } from '../domain/notification/fold-messages';
import { Delivery } from '../entities/delivery';
import { Notification } from '../entities/notification';
import { PushSubscription } from '../entities/push-subscription';
import type { ReadAlert } from './read-alert';

/** Removes a browser that its push service does not know any more, and says so under the bell, once. */
export async function losePushSubscription(source: DataSource, subscription: PushSubscription): Promise<void> {
  const { id, workspaceId, endpoint } = subscription;
  await within(source, subscription, async (manager) => {
    // By its endpoint too: the browser may have registered again under the same row.
    const { affected } = await manager.delete(PushSubscription, { id, workspaceId, endpoint });
    if (affected === 1) await tellOfLoss(manager, subscription);
  });
}

/**
 * Lets a request that still waits leave by e-mail, whatever channels the person has chosen, when its push cannot reach a
 * browser that was lost. Once: a mail about it that is there already, of whatever state, is enough. Nothing happens for
 * a browser that the person has removed, nor for what can wait under the bell.
 */
export async function fallBackToMail(source: DataSource, delivery: Delivery, alert: ReadAlert): Promise<void> {
  const { notification, facts } = alert;
  if (notification.kind !== 'HANDOFF_REQUESTED' || facts.handoffState !== 'REQUESTED') return;
  const { workspaceId, pushSubscriptionId } = delivery;
  if (pushSubscriptionId === null) return;
  await within(source, delivery, async (manager) => {
    const { userId } = notification;
    const lost = { workspaceId, userId, kind: 'PUSH_SUBSCRIPTION_LOST', subjectId: pushSubscriptionId } as const;
    if (!(await manager.existsBy(Notification, lost))) return;
    const mail = newDelivery({ notificationId: notification.id }, await readClock(manager));
    const values = { ...mail, workspaceId, isFallback: true };
    if (!(await insertOnce(manager, Delivery, values))) return;
    await writeOutbox(manager, [
      { name: 'DELIVERY_ADDED', workspaceId, ...NOWHERE, userId: null, subjectId: mail.id, snapshot: null },
    ]);
  });
}

async function tellOfLoss(manager: EntityManager, subscription: PushSubscription): Promise<void> {
  const { id: subjectId, workspaceId, userId, userAgent, endpoint } = subscription;
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
    ...TOLD_ALONE,
    seenAt: null,
    createdAt: await readClock(manager),
  };
  if (!(await insertOnce(manager, Notification, notification))) return;
  const snapshot = { ...notification };
  await writeOutbox(manager, [
    { name: 'NOTIFICATION_ADDED', workspaceId, ...NOWHERE, userId, subjectId: notification.id, snapshot },
  ]);
}

/** What is for one person is no part of anybody else's streams. */
const NOWHERE = { organizationId: null, agentId: null, conversationId: null };

/** False: there was one already, which a unique index of the table says. */
async function insertOnce<Row extends Notification | Delivery>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  row: Row,
): Promise<boolean> {
  const insert = manager.createQueryBuilder().insert().into(entity);
  const result = await insert
    .values(row as QueryDeepPartialEntity<Row>)
    .orIgnore()
    .returning('id')
    .execute();
  return (result.raw as unknown[]).length > 0;
}

async function readClock(manager: EntityManager): Promise<Date> {
  const [clock] = await manager.query<[{ now: Date }]>('select clock_timestamp() as now');
  return clock.now;
}
