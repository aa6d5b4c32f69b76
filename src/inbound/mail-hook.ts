import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type InboundMails, MAX_MAIL_BYTES } from './inbound-mails';

export const MAIL_HOOK_PATH = '/inbound-mail';

export type MailHook = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A signature that is older, or younger, than this has been caught somewhere and is sent again. */
const TOLERANCE_SECONDS = 300;
/** Of bodies that are read at the same time: whoever has no key can fill no more than this. */
const MAX_AT_ONCE = 4;

/**
 * Takes mails that a provider has received: `POST` with the mail as it was (message/rfc822), signed as in Standard
 * Webhooks over "id.timestamp.body". Answers 200 for what is taken or ignored, 401, 413, 503.
 *
 * @param secret `whsec_` and the key in base64
 */
export function createMailHook(mails: InboundMails, secret: string, now: () => number = Date.now): MailHook {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  let running = 0;
  const judge = async (request: IncomingMessage, signed: Signed): Promise<[number, string]> => {
    const body = await readBody(request);
    if (body === null) return [413, `The mail is longer than ${MAX_MAIL_BYTES} bytes.`];
    const mac = createHmac('sha256', key).update(signed.prefix).update(body).digest();
    if (!signed.signatures.some((signature) => isSame(signature, mac))) {
      return [401, 'The signature is not of this mail.'];
    }
    return [200, await mails.take(body, { sender: null, recipients: null })];
  };
  const answer = async (request: IncomingMessage): Promise<[number, string]> => {
    const signed = signedPart(request, now());
    if (request.method !== 'POST') return [405, 'Send it with POST.'];
    if (signed === null) return [401, 'The signature is missing or not of these minutes.'];
    if (running >= MAX_AT_ONCE) return [503, 'Too many mails at once. Try again in a few seconds.'];
    running += 1;
    try {
      return await judge(request, signed);
    } finally {
      running -= 1;
    }
  };
  return async (request, response) => {
    end(response, ...(await answer(request)));
  };
}

interface Signed {
  readonly prefix: string;
  readonly signatures: readonly Buffer[];
}

/** What is signed beside the body, and the signatures; null: missing, or of another time. */
function signedPart({ headers }: IncomingMessage, nowMs: number): Signed | null {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const list = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof list !== 'string') return null;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return null;
  const signatures = list
    .split(' ')
    .flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  return { prefix: `${id}.${timestamp}.`, signatures };
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Null: too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_MAIL_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  if (status !== 200) response.setHeader('Connection', 'close');
  response.end(text);
}
