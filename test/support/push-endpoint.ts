import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Arrivals } from './arrivals';
import { decryptPush, readVapid, type BrowserKeys, type VapidClaims } from './web-push-decryption';

/** As a browser's PushSubscription.toJSON() gives it, flattened. */
export interface BrowserSubscription {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** One push that came, opened with the keys of its subscription. */
export interface ReceivedPush {
  endpoint: string;
  /** The decrypted JSON. */
  payload: Record<string, unknown>;
  /** Length of the encrypted body. */
  bytes: number;
  topic: string | null;
  urgency: string | null;
  /** Seconds. */
  ttl: number | null;
  vapid: VapidClaims | null;
}

/** What the next request gets instead of 201; `NEVER` keeps the connection open without an answer. */
export type PushAnswer = { status: number; headers?: Record<string, string>; body?: string } | 'NEVER';

export interface PushEndpoint {
  /** A new browser. With `applicationServerKey` only that VAPID key counts as valid, as at a real push service. */
  createSubscription(applicationServerKey?: string): BrowserSubscription;
  /** Every push that could be decrypted, whatever was answered, oldest first. */
  readonly received: readonly ReceivedPush[];
  /** The first push, past or coming, that fits. */
  waitForPush(predicate?: (push: ReceivedPush) => boolean, timeoutMs?: number): Promise<ReceivedPush>;
  /** Queues one answer for each of the next requests. */
  answerNext(...answers: PushAnswer[]): void;
  stop(): Promise<void>;
}

interface Browser extends BrowserKeys {
  applicationServerKey: string | null;
}

/** Starts a push service over plain http on a free loopback port; the requester needs `allowLoopback`. */
export async function startPushEndpoint(): Promise<PushEndpoint> {
  const arrivals = new Arrivals<ReceivedPush>();
  const answers: PushAnswer[] = [];
  const browsers = new Map<string, Browser>();
  let origin = '';

  const accept = async (request: IncomingMessage): Promise<PushAnswer> => {
    const browser = browsers.get(request.url ?? '');
    const body = await readAll(request);
    if (browser === undefined) return { status: 404 };
    arrivals.add(openPush(request, body, browser, origin));
    return answers.shift() ?? { status: 201, headers: { location: `${origin}/message/${randomUUID()}` } };
  };
  const server = createServer((request, response) => {
    accept(request).then(
      (answer) => reply(response, answer),
      (error: unknown) => reply(response, { status: 400, body: String(error) }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The push endpoint has no port.');
  origin = `http://127.0.0.1:${address.port}`;

  return {
    createSubscription(applicationServerKey) {
      const ecdh = createECDH('prime256v1');
      ecdh.generateKeys();
      const auth = randomBytes(16);
      const path = `/push/${randomUUID()}`;
      browsers.set(path, { ecdh, auth, applicationServerKey: applicationServerKey ?? null });
      const p256dh = ecdh.getPublicKey().toString('base64url');
      return { endpoint: `${origin}${path}`, p256dh, auth: auth.toString('base64url') };
    },
    received: arrivals.items,
    waitForPush: (predicate = () => true, timeoutMs) => arrivals.waitFor('push', predicate, timeoutMs),
    answerNext: (...added) => void answers.push(...added),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function openPush(request: IncomingMessage, body: Buffer, browser: Browser, origin: string): ReceivedPush {
  const header = (name: string): string | null => request.headers[name]?.toString() ?? null;
  if (request.method !== 'POST' || header('content-encoding') !== 'aes128gcm')
    throw new Error('Not an encrypted push.');
  const expected = { audience: origin, publicKey: browser.applicationServerKey };
  return {
    endpoint: `${origin}${request.url ?? ''}`,
    payload: JSON.parse(decryptPush(body, browser)) as Record<string, unknown>,
    bytes: body.length,
    topic: header('topic'),
    urgency: header('urgency'),
    ttl: header('ttl') === null ? null : Number(header('ttl')),
    vapid: readVapid(request.headers.authorization, expected),
  };
}

function reply(response: ServerResponse, answer: PushAnswer): void {
  if (answer === 'NEVER') return;
  response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
