import { renderTestNotificationMail } from '../delivery/mail/test-notification-mail';
import type { Delivery } from '../entities/delivery';
import { mailPerson, textsOf } from './mail-person';
import type { ReadAlert } from './read-alert';
import { sendPush } from './send-push';
import type { SendDependencies, SendResult } from './send-result';

/** Sends what somebody has asked for to see that it arrives: whatever their settings and quiet hours say. */
export async function sendTest(
  delivery: Delivery,
  alert: ReadAlert,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { notification, user, letterhead } = alert;
  const { brand } = letterhead;
  const { title, body, kind, subjectId } = notification;
  if (user.disabledAt !== null) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  if (delivery.channel === 'PUSH') {
    const content = { title, body, kind, tag: `${kind}:${subjectId}`, url: brand.dashboardUrl };
    return sendPush(delivery, alert, { content, urgency: 'high' }, dependencies);
  }
  const texts = textsOf(alert, dependencies);
  const rendered = renderTestNotificationMail({ brand, texts, recipientName: user.displayName });
  return mailPerson(delivery, alert, { ...rendered, turnOffUrl: null, thread: null }, dependencies);
}
