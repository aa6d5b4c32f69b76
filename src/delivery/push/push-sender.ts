import { generateRequestDetails, getVapidHeaders } from 'web-push';
import type { OutgoingResponse } from '../../outgoing/exchange';
import type { Outgoing } from '../../outgoing/outgoing';
import {
  OutgoingAbortedError,
  OutgoingError,
  ResponseTooLargeError,
  UnsafeTargetError,
} from '../../outgoing/outgoing-errors';
import { checkPushKeys, isVapidPair, type VapidKeys } from './push-keys';
import { encodePushPayload, pushTopic, type PushPayload } from './push-payload';
import { parseRetryAfter } from './retry-after';
import { parseUrl } from '../../domain/validation/parse-url';

/** A browser's subscription as it was saved. */
export interface PushTarget {
  endpoint: string;
  p256dh: string;
  auth: string;
}

export interface PushOptions {
  /** A later push with the same topic replaces an earlier one that was not delivered yet. Any text; hashed when needed. */
  topic: string;
  urgency: 'very-low' | 'low' | 'normal' | 'high';
  /** How long the push service keeps the message for a browser that is offline. */
  ttlSeconds: number;
  signal?: AbortSignal;
}

/** GONE: delete the subscription. RETRY: try again, not before `retryAfterMs`. FAILED: this push will never go out. */
export type PushResult =
  | { outcome: 'SENT' }
  | { outcome: 'GONE'; status: number }
  | { outcome: 'RETRY'; retryAfterMs: number | null; status: number | null }
  | { outcome: 'FAILED'; status: number | null; detail: string };

export interface PushSender {
  /** @throws OutgoingAbortedError when `options.signal` ended it; every other failure is a result. */
  send(subscription: PushTarget, payload: PushPayload, options: PushOptions): Promise<PushResult>;
}

export interface PushSenderOptions {
  /** `subject` is a `mailto:` or `https:` URL at which push services can reach who runs this server. */
  vapid: VapidKeys & { subject: string };
  outgoing: Outgoing;
  now?: () => Date;
}

/**
 * Encrypts (RFC 8291), signs (RFC 8292) and sends web pushes through the guarded requester.
 * @throws Error when the VAPID keys are no pair or the subject is no URL
 */
export function createPushSender({ vapid, outgoing, now = () => new Date() }: PushSenderOptions): PushSender {
  if (!isVapidPair(vapid)) throw new Error('The VAPID public key does not belong to the private key.');
  // Throws for a bad subject now, at start, and not at the first push.
  getVapidHeaders('https://push.invalid', vapid.subject, vapid.publicKey, vapid.privateKey, 'aes128gcm');

  return {
    async send(subscription, payload, options) {
      const { endpoint, p256dh, auth } = subscription;
      if (parseUrl(endpoint) === null) return failed(null, 'The endpoint of the subscription is not a URL.');
      if (!checkPushKeys(p256dh, auth)) return failed(null, 'The keys of the subscription are not valid.');
      const { body, headers } = generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        encodePushPayload(payload),
        {
          vapidDetails: vapid,
          TTL: options.ttlSeconds,
          urgency: options.urgency,
          topic: pushTopic(options.topic),
        },
      );
      try {
        const { signal } = options;
        const response = await outgoing.request({
          url: endpoint,
          method: 'POST',
          headers: asText(headers),
          body,
          signal,
        });
        return judge(response, now());
      } catch (error) {
        return judgeError(error, now());
      }
    },
  };
}

function judge({ status, headers }: Pick<OutgoingResponse, 'status' | 'headers'>, now: Date): PushResult {
  if (status >= 200 && status < 300) return { outcome: 'SENT' };
  if (status === 404 || status === 410) return { outcome: 'GONE', status };
  if (status === 408 || status === 429 || status >= 500) {
    return { outcome: 'RETRY', retryAfterMs: parseRetryAfter(headers['retry-after'], now), status };
  }
  return failed(status, `The push service answered ${status}.`);
}

function judgeError(error: unknown, now: Date): PushResult {
  if (!(error instanceof OutgoingError) || error instanceof OutgoingAbortedError) throw error;
  if (error instanceof UnsafeTargetError) return failed(null, error.message);
  // The status had arrived, and it alone decides; nobody reads the text of a push service.
  if (error instanceof ResponseTooLargeError) return judge(error, now);
  return { outcome: 'RETRY', retryAfterMs: null, status: null };
}

function failed(status: number | null, detail: string): PushResult {
  return { outcome: 'FAILED', status, detail };
}

function asText(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
