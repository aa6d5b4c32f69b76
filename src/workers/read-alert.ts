import type { DataSource, EntityManager } from 'typeorm';
import { IS_OPERATOR, type OperatorScope } from '../database/operators';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { DEFAULT_NOTIFICATION_SETTINGS, DEFAULT_QUIET_CHOICE } from '../domain/notification/default-settings';
import type { QuietChoice } from '../domain/notification/quiet-hours';
import type { AlertFacts } from '../domain/notification/skip-reason';
import type { NotificationNames } from '../delivery/mail/notification-mail';
import type { Delivery } from '../entities/delivery';
import { Handoff } from '../entities/handoff';
import { HandoffHold } from '../entities/handoff-hold';
import { Notification } from '../entities/notification';
import { NotificationSettings } from '../entities/notification-settings';
import { Conversation } from '../entities/conversation';
import { PushSubscription } from '../entities/push-subscription';
import { User } from '../entities/user';
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
      settings: settings ?? DEFAULT_NOTIFICATION_SETTINGS,
      isSeen: notification.seenAt !== null,
      isTheOperator: conversation?.operatorId === userId,
      handoffState: handoff?.state ?? null,
    },
  };
}

/** By its own id, or by that of the hold with which it went to the team. */
async function findHandoff(manager: EntityManager, workspaceId: string, subjectId: string): Promise<Handoff | null> {
  const hold = await manager.findOneBy(HandoffHold, { id: subjectId, workspaceId });
  return manager.findOneBy(Handoff, { id: hold?.handoffId ?? subjectId, workspaceId });
}

/** The channel that has to be among the chosen ones: a mail that stands in for a push is wanted where pushes are. */
export function channelOf({ channel, isFallback }: Pick<Delivery, 'channel' | 'isFallback'>): Delivery['channel'] {
  return isFallback ? 'PUSH' : channel;
}

export async function isOperator(
  manager: EntityManager,
  conversation: OperatorScope,
  userId: string,
): Promise<boolean> {
  const { workspaceId, organizationId, agentId } = conversation;
  const rows = await manager.query<unknown[]>(`select 1 from users u where u.id = $4 and ${IS_OPERATOR}`, [
    workspaceId,
    organizationId,
    agentId,
    userId,
  ]);
  return rows.length > 0;
}
