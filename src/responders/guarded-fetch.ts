import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import { pinnedLookup, resolveByDns } from '../outgoing/pinned-address';
import { parseTarget, resolveTarget, type Resolve } from '../outgoing/target';
import { abortable } from './deadline';

export interface GuardedFetchOptions {
  /** Development and tests only, as for `createOutgoing`. */
  allowLoopback: boolean;
  resolve?: Resolve;
  maxResponseBytes?: number;
}

const DEFAULT_MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
const STATUSES_WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` whose answer streams, for the `openai` package: `Outgoing.request` reads whole answers, and the built-in
 * `fetch` cannot be kept to a checked address. The same rules for targets hold; it follows no redirect, takes only
 * strings as bodies, uses one new connection for each request and breaks off after `maxResponseBytes` (4 MiB).
 * Rejects with UnsafeTargetError, an abort error or the error of the connection.
 */
export function createGuardedFetch(options: GuardedFetchOptions): typeof fetch {
  const { allowLoopback, resolve = resolveByDns, maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES } = options;
  return async (input, init = {}) => {
    const target = parseTarget(input instanceof Request ? input.url : String(input), allowLoopback);
    const addresses = resolveTarget(target, resolve);
    const lookupPinned = pinnedLookup(await (init.signal ? abortable(addresses, init.signal) : addresses));
    return toResponse(await send(target.url, init, lookupPinned), maxResponseBytes);
  };
}

function send(url: URL, init: RequestInit, lookupPinned: LookupFunction): Promise<IncomingMessage> {
  const body = init.body ?? undefined;
  if (body !== undefined && typeof body !== 'string')
    throw new TypeError('The body of a guarded fetch must be a string.');
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      // A pooled socket would be reused without the check of its address.
      agent: false,
      lookup: lookupPinned,
      ...(init.signal ? { signal: init.signal } : {}),
    });
    request.on('error', reject);
    request.on('response', resolve);
    // An answer of "101 Switching Protocols" closes the socket without an error event; after an answer this does nothing.
    request.on('close', () => {
      reject(new Error('The connection was closed before an answer came.'));
    });
    request.end(body);
  });
}

function toResponse(incoming: IncomingMessage, maxResponseBytes: number): Response {
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 599) {
    incoming.destroy();
    throw new Error(`The status ${String(status)} is none of HTTP.`);
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (!STATUSES_WITHOUT_BODY.has(status))
    return new Response(toStream(incoming, maxResponseBytes), { status, headers });
  incoming.destroy();
  return new Response(null, { status, headers });
}

function toStream(incoming: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let received = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) {
        controller.close();
        return;
      }
      received += next.value.byteLength;
      if (received > maxBytes) {
        incoming.destroy();
        throw new Error(`The answer is longer than ${String(maxBytes)} bytes.`);
      }
      controller.enqueue(next.value);
    },
    cancel() {
      incoming.destroy();
    },
  });
}
