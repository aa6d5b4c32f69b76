import type { AlertKind, DeliveryState } from '../domain/notification/notification-kinds';

import { skipReason } from '../domain/notification/skip-reason';
import { encodePublicId } from '../domain/public-id';
import type { Delivery } from '../entities/delivery';
import { notificationMailTitle, renderNotificationMail } from '../delivery/mail/notification-mail';
import { holdWhileQuiet } from './hold-delivery';
import { mailPerson, textsOf, turnOffUrlOf } from './mail-person';
import { type ReadAlert, readAlert } from './read-alert';
import { sendDigest } from './send-digest';
import { sendPush } from './send-push';
import { sendTest } from './send-test';
import type { SendDependencies, SendResult } from './send-result';

/** Sends one notification to one person by one channel, unless it need not be sent any more. */
export async function sendAlert(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const alert = await readAlert(dependencies.source, delivery, dependencies.serverBrand);
  if (alert === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { kind } = alert.notification;
  if (kind === 'PUSH_SUBSCRIPTION_LOST') return { state: 'SKIPPED', detail: 'ENDED' };
  if (kind === 'TEST') return sendTest(delivery, alert, dependencies);
  if (kind === 'DIGEST') return sendDigest(delivery, alert, dependencies);
  if (alert.replacedState !== null) return replacePush(delivery, alert, alert.replacedState, dependencies);
  const reason = skipReason(alert.facts);
  if (reason !== null) return { state: 'SKIPPED', detail: reason };
  if (alert.quiet.quietHours !== null) {
    const until = await holdWhileQuiet(dependencies.source, delivery, alert.notification);
    if (until !== null) return { state: 'HELD', until };
  }
  return delivery.channel === 'EMAIL'
    ? mailAlert(delivery, alert, kind, dependencies)
    : pushAlert(delivery, alert, dependencies);
}

/** How long to look away from a push that was settled and, a moment later, is to be sent again. */
const FIRST_AGAIN_MS = 1000;

/** In the place of a push that went out. One that never did is shown nowhere. Nobody gets here while it is on its way. */
async function replacePush(
  delivery: Delivery,
  alert: ReadAlert,
  state: DeliveryState,
  dependencies: SendDependencies,
): Promise<SendResult> {
  if (!alert.facts.isOperator) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  if (state === 'PENDING') {
    return { state: 'POSTPONED', detail: 'The first push is on its way.', delayMs: FIRST_AGAIN_MS };
  }
  if (state !== 'SENT') return { state: 'SKIPPED', detail: 'NOT_SENT' };
  return pushAlert(delivery, alert, dependencies);
}

async function mailAlert(
  delivery: Delivery,
  alert: ReadAlert,
  kind: AlertKind,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { notification, user, letterhead, names } = alert;
  const { title, body } = notification;
  const { brand } = letterhead;
  const texts = textsOf(alert, dependencies);
  const turnOffUrl = turnOffUrlOf(alert, dependencies);
  const rendered = renderNotificationMail({
    ...{ kind, body, brand, texts, turnOffUrl },
    title: names === null ? title : notificationMailTitle(texts, kind, names),
    recipientName: user.displayName,
    conversationUrl: conversationUrl(alert),
  });
  return mailPerson(delivery, alert, { ...rendered, turnOffUrl, thread: threadOf(notification) }, dependencies);
}

/** Everything about one conversation that goes to one person is one thread in their mail program. */
function threadOf({ conversationId, userId }: ReadAlert['notification']): string | null {
  if (conversationId === null) return null;
  return `${encodePublicId('conversation', conversationId)}.${encodePublicId('user', userId)}`;
}

async function pushAlert(delivery: Delivery, alert: ReadAlert, dependencies: SendDependencies): Promise<SendResult> {
  const { kind, title, body, subjectId } = alert.notification;
  // The same for every attempt and for a repetition after a crash: the browser then shows one, not two.
  const topic = `${kind}:${subjectId}`;
  const content = { title, body, kind, tag: topic, url: conversationUrl(alert) };
  const urgency = kind === 'MESSAGE_RECEIVED' || alert.replacedState !== null ? 'normal' : 'high';
  return sendPush(delivery, alert, { content, urgency }, dependencies);
}

function conversationUrl({ letterhead: { brand }, notification }: ReadAlert): string | null {
  if (brand.dashboardUrl === null || notification.conversationId === null) return brand.dashboardUrl;
  const id = encodePublicId('conversation', notification.conversationId);
  return `${brand.dashboardUrl.replace(/\/+$/, '')}/conversations/${id}`;
}
