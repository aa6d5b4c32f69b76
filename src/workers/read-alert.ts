import type { DataSource, EntityManager } from 'typeorm';
import { isOperator } from '../database/operators';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { DEFAULT_QUIET_CHOICE } from '../domain/notification/default-settings';
import type { QuietChoice } from '../domain/notification/quiet-hours';
import type { AlertFacts } from '../domain/notification/skip-reason';
import { choiceOf } from '../domain/settings-layers';
import type { NotificationNames } from '../delivery/mail/notification-mail';
import { Delivery } from '../entities/delivery';
import type { DeliveryState } from '../domain/notification/notification-kinds';
import { Notification } from '../entities/notification';
import { NotificationSettings } from '../entities/notification-settings';
import { Conversation } from '../entities/conversation';
import { PushSubscription } from '../entities/push-subscription';
import { User } from '../entities/user';
import { readNotificationChoice } from '../queries/notification-choice';
import { findHandoff } from './find-handoff';
import { readAlertNames } from './read-alert-names';
import { type Letterhead, readLetterhead } from './read-letterhead';

/** A notification with everything that its mail or push needs, as it is at this moment. */
export interface ReadAlert {
  readonly notification: Notification;
  readonly user: User;
  readonly letterhead: Letterhead;
  /** Null when it is about no conversation. */
  readonly names: NotificationNames | null;
  readonly subscription: PushSubscription | null;
  readonly facts: AlertFacts;
  readonly quiet: QuietChoice;
  /** What became of the push whose place this one takes; null for one that takes nobody's. */
  readonly replacedState: DeliveryState | null;
}

/** Reads it again before sending: minutes may have passed. Null when the notification is gone. */
export async function readAlert(source: DataSource, delivery: Delivery, server: BrandLayer): Promise<ReadAlert | null> {
  return read(source, delivery, (manager) => readAlertRows(manager, delivery, server));
}

async function readAlertRows(
  manager: EntityManager,
  delivery: Delivery,
  server: BrandLayer,
): Promise<ReadAlert | null> {
  const { workspaceId, notificationId, pushSubscriptionId } = delivery;
  const notification = await manager.findOneBy(Notification, { id: notificationId ?? '', workspaceId });
  if (notification === null) return null;
  const { userId, subjectId, conversationId } = notification;
  const user = await manager.findOneByOrFail(User, { id: userId, workspaceId });
  const conversation =
    conversationId === null ? null : await manager.findOneBy(Conversation, { id: conversationId, workspaceId });
  const settings = await manager.findOneBy(NotificationSettings, { userId, workspaceId });
  const isRequest = notification.kind === 'HANDOFF_REQUESTED';
  const handoff = isRequest ? await findHandoff(manager, workspaceId, subjectId) : null;
  // By its user too: a browser belongs to whoever registered it last.
  const subscription =
    pushSubscriptionId === null
      ? null
      : await manager.findOneBy(PushSubscription, { id: pushSubscriptionId, workspaceId, userId });
  return {
    notification,
    user,
    letterhead: await readLetterhead(
      manager,
      { workspaceId, organizationId: (conversation ?? user).organizationId },
      server,
    ),
    // A push has the title of the bell.
    names: delivery.channel === 'EMAIL' ? await readAlertNames(manager, notification, conversation) : null,
    subscription,
    quiet: settings ?? DEFAULT_QUIET_CHOICE,
    facts: {
      kind: notification.kind,
      channel: channelOf(delivery),
      isOperator: conversation !== null && (await isOperator(manager, conversation, userId)),
      settings: choiceOf(await readNotificationChoice(manager, notification)),
      isSeen: notification.seenAt !== null || (await hasRead(manager, notification)),
      isTheOperator: conversation?.operatorId === userId,
      isWatching: await isWatching(manager, notification),
      isClaimed: (conversation?.operatorId ?? userId) !== userId,
      handoffState: handoff?.state ?? null,
    },
    replacedState: delivery.replaces === null ? null : await stateOf(manager, workspaceId, delivery.replaces),
  };
}

async function stateOf(manager: EntityManager, workspaceId: string, id: string): Promise<DeliveryState> {
  return (await manager.findOneByOrFail(Delivery, { id, workspaceId })).state;
}

async function hasRead(manager: EntityManager, notification: Notification): Promise<boolean> {
  const { kind, conversationId, userId, throughSequence } = notification;
  if (kind !== 'MESSAGE_RECEIVED' || throughSequence === null) return false;
  const rows = await manager.query<unknown[]>(
    'select from conversation_reads where conversation_id = $1 and reader_id = $2 and sequence >= $3',
    [conversationId, userId, throughSequence],
  );
  return rows.length > 0;
}

async function isWatching(manager: EntityManager, { conversationId, userId }: Notification): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'select from watches where conversation_id = $1 and user_id = $2 and until > now()',
    [conversationId, userId],
  );
  return rows.length > 0;
}

/** The channel that has to be among the chosen ones: a mail that stands in for a push is wanted where pushes are. */
export function channelOf({ channel, isFallback }: Pick<Delivery, 'channel' | 'isFallback'>): Delivery['channel'] {
  return isFallback ? 'PUSH' : channel;
}
