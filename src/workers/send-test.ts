import { renderTestMail } from '../delivery/mail/test-mail';
import type { Delivery } from '../entities/delivery';
import type { ReadAlert } from './read-alert';
import { messageIdOf, sendMail } from './send-mail';
import { sendPush } from './send-push';
import type { SendDependencies, SendResult } from './send-result';

/** Sends what somebody has asked for to see that it arrives: whatever their settings and quiet hours say. */
export async function sendTest(
  delivery: Delivery,
  alert: ReadAlert,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { notification, user, brand } = alert;
  const { title, body, kind, subjectId } = notification;
  if (user.disabledAt !== null) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  if (delivery.channel === 'PUSH') {
    const content = { title, body, kind, tag: `${kind}:${subjectId}`, url: brand.dashboardUrl };
    return sendPush(delivery, alert, { content, urgency: 'high' }, dependencies);
  }
  return sendMail(dependencies.mail, {
    ...renderTestMail({ brand, title, body, recipientName: user.displayName }),
    messageId: messageIdOf(delivery.id, dependencies.mailFrom),
    from: { name: brand.emailFromName, address: dependencies.mailFrom },
    to: { name: user.displayName, address: user.email },
    automatic: true,
  });
}
