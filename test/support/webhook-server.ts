import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The body is sent as JSON; a string as it stands. */
interface WebhookAnswer {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
}

/** Keeps the connection open and never answers. */
export const HANG = 'HANG';
/** Destroys the socket without an answer. */
export const CUT = 'CUT';

interface WebhookDelivery {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  /** Exactly what was signed. */
  rawBody: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
  /** By the Standard Webhooks rules, with the server's secret and a tolerance of five minutes. */
  signatureIsValid: boolean;
  /** Resolves when the connection has closed: true if the client closed it before the answer was complete. */
  closedByClient: Promise<boolean>;
}

export interface WebhookServer {
  url: string;
  /** Every delivery so far, oldest first. */
  deliveries: readonly WebhookDelivery[];
  /** Queues the answer to the next delivery that has none yet. A delivery without any gets 500. */
  answer(answer: WebhookAnswer | typeof HANG | typeof CUT): void;
  /** Answers all deliveries for which nothing is queued. */
  byDefault(answer: WebhookAnswer | typeof HANG | typeof CUT): void;
  /** Resolves once `count` deliveries have arrived, with the last of them. */
  received(count: number): Promise<WebhookDelivery>;
  close(): Promise<void>;
}

type Answer = Parameters<WebhookServer['answer']>[0];

/** Starts a tenant's webhook endpoint on loopback that verifies each signature and answers as told. */
export async function startWebhookServer(options: { secret: string }): Promise<WebhookServer> {
  const endpoint = new WebhookEndpoint(options.secret);
  const server = createServer((request, response) => {
    endpoint.receive(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/turns`,
    deliveries: endpoint.deliveries,
    answer: (answer) => void endpoint.queue.push(answer),
    byDefault: (answer) => void (endpoint.fallback = answer),
    received: (count) => endpoint.received(count),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

class WebhookEndpoint {
  readonly deliveries: WebhookDelivery[] = [];
  readonly queue: Answer[] = [];
  fallback: Answer = { status: 500, body: 'no answer was set' };
  private waiting: { count: number; resolve: (delivery: WebhookDelivery) => void }[] = [];

  constructor(private readonly secret: string) {}

  received(count: number): Promise<WebhookDelivery> {
    const delivery = this.deliveries[count - 1];
    if (delivery !== undefined) return Promise.resolve(delivery);
    return new Promise((resolve) => {
      this.waiting.push({ count, resolve });
    });
  }

  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closedByClient = new Promise<boolean>((resolve) => {
      response.on('close', () => resolve(!response.writableFinished));
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks).toString('utf8');
    const answer = this.queue.shift() ?? this.fallback;
    const { headers, url: path = '', method = '' } = request;
    const signatureIsValid = verify(this.secret, headers, rawBody);
    const body = JSON.parse(rawBody) as WebhookDelivery['body'];
    this.record({ path, method, headers, rawBody, body, signatureIsValid, closedByClient });
    respond(response, answer);
  }

  private record(delivery: WebhookDelivery): void {
    const count = this.deliveries.push(delivery);
    for (const waiter of this.waiting) if (waiter.count === count) waiter.resolve(delivery);
    this.waiting = this.waiting.filter((waiter) => waiter.count > count);
  }
}

function respond(response: ServerResponse, answer: Answer): void {
  if (answer === HANG) return;
  if (answer === CUT) {
    response.destroy();
    return;
  }
  const { status, body, headers } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'object' ? JSON.stringify(body) : body);
}

const TOLERANCE_SECONDS = 300;

/** Written from the specification, not with the package that signs: both having the same fault must not pass. */
function verify(secret: string, headers: IncomingHttpHeaders, rawBody: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${rawBody}`).digest();
  return signatures.split(' ').some((signature) => {
    const given = signature.startsWith('v1,') ? Buffer.from(signature.slice(3), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
