import { createHash } from 'node:crypto';

/** What the service worker of the dashboard gets, as JSON. */
export interface PushPayload {
  title: string;
  body: string;
  tag: string;
  url: string | null;
  kind: string;
}

/** Push services take 4096 bytes of ciphertext (RFC 8030 7.2); encryption adds 103, the rest is reserve. */
export const MAX_PAYLOAD_BYTES = 3900;

/**
 * The payload as JSON that fits. The body is cut first, then the title, both between code points; a payload that is
 * too long even so loses its URL, because a notification without a link is better than none.
 */
export function encodePushPayload(payload: PushPayload): string {
  const shortBody = shorten(payload.body, (body) => fits({ ...payload, body }));
  const shortTitle = shorten(payload.title, (title) => fits({ ...payload, title, body: shortBody }));
  const short = { ...payload, title: shortTitle, body: shortBody };
  if (fits(short)) return JSON.stringify(short);
  if (payload.url !== null) return encodePushPayload({ ...payload, url: null });
  throw new RangeError('The tag and kind of a push payload leave no room for its text.');
}

/** A topic as RFC 8030 5.4 wants it: at most 32 characters of base64url. Anything else becomes its hash. */
export function pushTopic(topic: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(topic)) return topic;
  return createHash('sha256').update(topic).digest('base64url').slice(0, 32);
}

function fits(payload: PushPayload): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) <= MAX_PAYLOAD_BYTES;
}

/** The longest beginning of `text` that fits, with an ellipsis when something was cut; empty when nothing fits. */
function shorten(text: string, fitsWith: (text: string) => boolean): string {
  if (fitsWith(text)) return text;
  const points = Array.from(text);
  let [kept, tooMany] = [0, points.length];
  while (tooMany - kept > 1) {
    const middle = (kept + tooMany) >> 1;
    if (fitsWith(`${points.slice(0, middle).join('')}…`)) kept = middle;
    else tooMany = middle;
  }
  return kept === 0 ? '' : `${points.slice(0, kept).join('')}…`;
}
