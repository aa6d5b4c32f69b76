import { renderTestNotificationMail } from '../delivery/mail/test-notification-mail';
import type { Delivery } from '../entities/delivery';
import type { ReadAlert } from './read-alert';
import { languagesOf } from './read-letterhead';
import { sendMail } from './send-mail';
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
  const texts = dependencies.catalogue.textsFor(...languagesOf(user, letterhead));
  const rendered = renderTestNotificationMail({ brand, texts, recipientName: user.displayName });
  const to = { name: user.displayName, address: user.email };
  const draft = { ...rendered, brand, to, turnOffUrl: null, thread: null, isAnswerable: false, automatic: true };
  return sendMail(delivery, draft, dependencies);
}
