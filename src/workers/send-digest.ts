import { read } from '../database/scope';
import { digestTitle, renderDigestMail } from '../delivery/mail/digest-mail';
import type { Delivery } from '../entities/delivery';
import { mailPerson, textsOf, turnOffUrlOf } from './mail-person';
import type { ReadAlert } from './read-alert';
import { readDigest } from './read-digest-lines';
import { sendPush } from './send-push';
import type { SendDependencies, SendResult } from './send-result';

/** How many lines of a digest a push shows. */
const PUSH_LINES = 3;

/** Sends what quiet hours have held back, as it is now: what was seen, claimed or taken away meanwhile is not in it. */
export async function sendDigest(
  delivery: Delivery,
  alert: ReadAlert,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { notification, user, letterhead } = alert;
  const { brand } = letterhead;
  const all = await read(dependencies.source, delivery, (manager) =>
    readDigest(manager, notification, notification.id, delivery),
  );
  const lines = all.filter(({ skipped }) => skipped === null);
  if (lines.length === 0) return { state: 'SKIPPED', detail: all[0]?.skipped ?? 'ENDED' };
  const texts = textsOf(alert, dependencies);
  if (delivery.channel === 'PUSH') {
    const body = lines.slice(0, PUSH_LINES).map(({ title }) => title);
    const content = {
      title: digestTitle(texts, lines.length),
      body: body.join('\n'),
      kind: notification.kind,
      tag: `DIGEST:${notification.id}`,
      url: brand.dashboardUrl,
    };
    return sendPush(delivery, alert, { content, urgency: 'normal' }, dependencies);
  }
  const rendered = renderDigestMail({ brand, texts, recipientName: user.displayName, lines });
  const turnOffUrl = turnOffUrlOf(alert, dependencies);
  return mailPerson(delivery, alert, { ...rendered, turnOffUrl, thread: null }, dependencies);
}
