import { exchange, type OutgoingResponse } from './exchange';
import { OutgoingError, UnsafeTargetError } from './outgoing-errors';
import { resolveByDns } from './pinned-address';
import { parseTarget, resolveTarget, type Resolve } from './target';
import { withinLimits } from './within-limits';

/** Why a URL is refused when somebody saves it. */
export interface UnsafeUrl {
  code: 'UNSAFE_URL';
  message: string;
}

/** One request to a URL that somebody else chose. */
export interface OutgoingRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Limit for everything from the name lookup to the last byte, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /** Longest accepted answer in bytes. Default 65,536. */
  maxResponseBytes?: number;
  signal?: AbortSignal;
}

/** The only way in which this server calls URLs that users give it: push endpoints, webhooks, model APIs. */
export interface Outgoing {
  /** For the moment a URL is saved. Null means it may be called; a name that cannot be looked up is refused too. */
  checkTarget(url: string): Promise<null | UnsafeUrl>;
  /**
   * Sends one request. https and public addresses only; the address that was checked is the one connected to; a
   * redirect is returned, never followed; any status is a success here.
   * @throws UnsafeTargetError, OutgoingTimeoutError, ResponseTooLargeError, OutgoingNetworkError, OutgoingAbortedError
   */
  request(target: OutgoingRequest): Promise<OutgoingResponse>;
}

export interface OutgoingOptions {
  /** Development and tests only: also http and https to 127.0.0.0/8, ::1 and localhost. */
  allowLoopback: boolean;
  resolve?: Resolve;
}

const CHECK_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Builds the guarded requester. It holds no sockets and needs no closing. */
export function createOutgoing({ allowLoopback, resolve = resolveByDns }: OutgoingOptions): Outgoing {
  const locate = async (url: string): Promise<{ url: URL; addresses: string[] }> => {
    const target = parseTarget(url, allowLoopback);
    return { url: target.url, addresses: await resolveTarget(target, resolve) };
  };

  return {
    async checkTarget(url) {
      try {
        await withinLimits({ timeoutMs: CHECK_TIMEOUT_MS }, () => locate(url));
        return null;
      } catch (error) {
        if (error instanceof UnsafeTargetError) return { code: 'UNSAFE_URL', message: error.message };
        if (error instanceof OutgoingError)
          return { code: 'UNSAFE_URL', message: 'The host name of the URL cannot be found.' };
        throw error;
      }
    },

    request({
      url,
      method,
      headers,
      body,
      timeoutMs = REQUEST_TIMEOUT_MS,
      maxResponseBytes = MAX_RESPONSE_BYTES,
      signal,
    }) {
      return withinLimits({ timeoutMs, signal }, async (ended) => {
        const located = await locate(url);
        const payload = body === undefined ? null : Buffer.from(body);
        return exchange({
          ...located,
          method,
          headers: plainHeaders(headers),
          body: payload,
          maxResponseBytes,
          signal: ended,
        });
      });
    },
  };
}

/** `Host` and the framing headers are ours: a caller's own would let one request pass for another, or for two. */
function plainHeaders(headers: Record<string, string>): Record<string, string> {
  const ours = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect']);
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lowered.filter(([name]) => !ours.has(name)));
}
