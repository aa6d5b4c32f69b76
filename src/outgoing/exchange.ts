import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { OutgoingNetworkError, ResponseTooLargeError } from './outgoing-errors';
import { pinnedLookup } from './pinned-address';

/** One request whose addresses were already checked. */
export interface Exchange {
  url: URL;
  addresses: string[];
  method: string;
  headers: Record<string, string>;
  body: Buffer | null;
  maxResponseBytes: number;
  signal: AbortSignal;
}

/** What came back. Header names are in lower case; repeated headers are joined with ", ". */
export interface OutgoingResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Sends one request over one new connection and reads the bounded answer. Redirects are answers like any other.
 * @throws ResponseTooLargeError, OutgoingNetworkError (also when `signal` ends it: the caller knows why)
 */
export function exchange(options: Exchange): Promise<OutgoingResponse> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(asNetworkError(error));
    let request: ClientRequest;
    try {
      request = openRequest(options);
    } catch (error) {
      fail(error);
      return;
    }
    request.on('error', fail);
    let answered = false;
    // An answer of "101 Switching Protocols" closes the socket without an error event.
    request.on('close', () => {
      if (!answered) fail(new Error('The connection was closed before an answer came.'));
    });
    request.on('response', (response) => {
      answered = true;
      readResponse(response, options.maxResponseBytes)
        .then(resolve, fail)
        .finally(() => request.destroy());
    });
    request.end(options.body ?? undefined);
  });
}

function openRequest({ url, addresses, method, headers, body, signal }: Exchange): ClientRequest {
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
    // A pooled socket would be reused without the check of its address.
    agent: false,
    lookup: pinnedLookup(addresses),
    signal,
  };
  return url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
}

async function readResponse(response: IncomingMessage, maxResponseBytes: number): Promise<OutgoingResponse> {
  const status = response.statusCode ?? 0;
  const headers = flatten(response.headers);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxResponseBytes) throw new ResponseTooLargeError(maxResponseBytes, status, headers);
    chunks.push(chunk);
  }
  return { status, headers, body: Buffer.concat(chunks) };
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? value.join(', ') : value] as const];
  });
  return Object.fromEntries(entries);
}

function asNetworkError(error: unknown): Error {
  return error instanceof ResponseTooLargeError ? error : new OutgoingNetworkError(error);
}
