import { encodePublicId } from '../domain/public-id';
import type { Delivery as DeliveryRow } from '../entities/delivery';
import type { Notification as NotificationRow } from '../entities/notification';
import { Delivery } from '../schema/delivery';
import { Notification } from '../schema/notification';

export function presentNotification(row: NotificationRow): Notification {
  return Object.assign(new Notification(), {
    id: encodePublicId('notification', row.id),
    kind: row.kind,
    title: row.title,
    body: row.body,
    count: row.count,
    seenAt: row.seenAt,
    createdAt: row.createdAt,
    notificationRef: row.id,
    workspaceRef: row.workspaceId,
    conversationRef: row.conversationId,
  });
}

export function presentDelivery(row: DeliveryRow): Delivery {
  return Object.assign(new Delivery(), {
    id: encodePublicId('delivery', row.id),
    channel: row.channel,
    state: row.state,
    attempts: row.attempts - row.postponed,
    detail: row.detail,
    sentAt: row.sentAt,
    nextAttemptAt: row.state === 'PENDING' ? row.dueAt : null,
    canRetry: row.state === 'FAILED',
    deliveryRef: row.id,
  });
}
