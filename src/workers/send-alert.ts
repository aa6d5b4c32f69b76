import type { DataSource } from 'typeorm';
import { within } from '../database/scope';
import type { DeliveryState } from '../domain/notification/notification-kinds';
import { skipReason } from '../domain/notification/skip-reason';
import { encodePublicId } from '../domain/public-id';
import { PushSubscription } from '../entities/push-subscription';
import type { Delivery } from '../entities/delivery';
import { renderNotificationMail } from '../delivery/mail/notification-mail';
import type { PushResult } from '../delivery/push/push-sender';
import { type ReadAlert, readAlert } from './read-alert';
import { messageIdOf, sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** A push that nobody saw for this long is no news any more. */
const PUSH_TTL_SECONDS = 3600;

/** Sends one notification to one person by one channel, unless it need not be sent any more. */
export async function sendAlert(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const alert = await readAlert(dependencies.source, delivery, dependencies.serverBrand);
  if (alert === null) return { state: 'SKIPPED', detail: 'ENDED' };
  if (alert.replacedState !== null) return replacePush(alert, alert.replacedState, dependencies);
  const reason = skipReason(alert.facts);
  if (reason !== null) return { state: 'SKIPPED', detail: reason };
  return delivery.channel === 'EMAIL' ? mailAlert(delivery, alert, dependencies) : pushAlert(alert, dependencies);
}

/** In the place of a push that went out. One that never did is shown nowhere, and one that is on its way is waited for. */
async function replacePush(
  alert: ReadAlert,
  state: DeliveryState,
  dependencies: SendDependencies,
): Promise<SendResult> {
  if (!alert.facts.isOperator) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  if (state === 'PENDING') return { state: 'RETRY', detail: 'The first push is on its way.', retryAfterMs: null };
  if (state !== 'SENT') return { state: 'SKIPPED', detail: 'NOT_SENT' };
  return pushAlert(alert, dependencies);
}

async function mailAlert(delivery: Delivery, alert: ReadAlert, dependencies: SendDependencies): Promise<SendResult> {
  const { notification, user, brand } = alert;
  const { kind, title, body } = notification;
  const rendered = renderNotificationMail({
    kind,
    title,
    body,
    brand,
    recipientName: user.displayName,
    conversationUrl: conversationUrl(alert),
  });
  return sendMail(dependencies.mail, {
    ...rendered,
    messageId: messageIdOf(delivery.id, dependencies.mailFrom),
    from: { name: brand.emailFromName, address: dependencies.mailFrom },
    to: { name: user.displayName, address: user.email },
    automatic: true,
  });
}

async function pushAlert(alert: ReadAlert, { push, source }: SendDependencies): Promise<SendResult> {
  const { notification, subscription } = alert;
  if (subscription === null) return { state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' };
  const { kind, title, body, subjectId } = notification;
  // The same for every attempt and for a repetition after a crash: the browser then shows one, not two.
  const topic = `${kind}:${subjectId}`;
  const result = await push.send(
    subscription,
    { title, body, kind, tag: topic, url: conversationUrl(alert) },
    {
      topic,
      urgency: kind === 'MESSAGE_RECEIVED' || alert.replacedState !== null ? 'normal' : 'high',
      ttlSeconds: PUSH_TTL_SECONDS,
    },
  );
  return judgePush(result, subscription, source);
}

async function judgePush(result: PushResult, subscription: PushSubscription, source: DataSource): Promise<SendResult> {
  const { id, workspaceId, endpoint } = subscription;
  switch (result.outcome) {
    case 'SENT':
      await within(source, subscription, (manager) =>
        manager.query('update push_subscriptions set last_success_at = now() where id = $1', [id]),
      );
      return { state: 'SENT', detail: null };
    case 'GONE':
      // By its endpoint too: the browser may have registered again under the same row.
      await within(source, subscription, (manager) => manager.delete(PushSubscription, { id, workspaceId, endpoint }));
      return { state: 'FAILED', detail: 'SUBSCRIPTION_GONE' };
    case 'RETRY': {
      const detail =
        result.status === null ? 'The push service did not answer.' : `The push service answered ${result.status}.`;
      return { state: 'RETRY', detail, retryAfterMs: result.retryAfterMs };
    }
    case 'FAILED':
      return { state: 'FAILED', detail: result.detail };
  }
}

function conversationUrl({ brand, notification }: ReadAlert): string | null {
  if (brand.dashboardUrl === null || notification.conversationId === null) return brand.dashboardUrl;
  const id = encodePublicId('conversation', notification.conversationId);
  return `${brand.dashboardUrl.replace(/\/+$/, '')}/conversations/${id}`;
}
