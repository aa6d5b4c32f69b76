import type { PushPayload } from '../delivery/push/push-payload';
import type { PushOptions, PushResult } from '../delivery/push/push-sender';
import type { Delivery } from '../entities/delivery';
import { fallBackToMail, losePushSubscription } from './lost-push-subscription';
import type { ReadAlert } from './read-alert';
import type { SendDependencies, SendResult } from './send-result';

/** A push that nobody saw for this long is no news any more. */
const PUSH_TTL_SECONDS = 3600;

export interface Push {
  /** Its tag is the topic too: of several with the same one a browser shows the newest. */
  readonly content: PushPayload;
  readonly urgency: PushOptions['urgency'];
}

/** One attempt at pushing to the browser of a delivery. */
export async function sendPush(
  delivery: Delivery,
  alert: ReadAlert,
  { content, urgency }: Push,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { subscription } = alert;
  if (subscription === null) {
    await fallBackToMail(dependencies.source, delivery, alert);
    return { state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' };
  }
  const options = { topic: content.tag, urgency, ttlSeconds: PUSH_TTL_SECONDS };
  const { host } = new URL(subscription.endpoint);
  const result = await dependencies.slots.through(host, () => dependencies.push.send(subscription, content, options));
  if (result.outcome !== 'GONE') return judge(result);
  await losePushSubscription(dependencies.source, subscription);
  await fallBackToMail(dependencies.source, delivery, alert);
  return { state: 'FAILED', detail: 'SUBSCRIPTION_GONE' };
}

function judge(result: Exclude<PushResult, { outcome: 'GONE' }>): SendResult {
  switch (result.outcome) {
    case 'SENT':
      return { state: 'SENT', detail: null };
    case 'RETRY': {
      const detail =
        result.status === null ? 'The push service did not answer.' : `The push service answered ${result.status}.`;
      return { state: 'RETRY', detail, retryAfterMs: result.retryAfterMs };
    }
    case 'FAILED':
      return { state: 'FAILED', detail: result.detail };
  }
}
