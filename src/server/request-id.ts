import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TrustedProxies } from '../config/config';
import { clientAddressOf } from '../limits/client-address';

/** Long enough to be found again, short enough for a log line, and nothing that could end one. */
const WELL_FORMED = /^[\w.:-]{8,128}$/;
/** No peer has this address. */
const NOBODY = '0.0.0.0';

/** The id of a request: what a proxy of ours has given it, else a new one. */
export function requestIdOf(request: IncomingMessage, trustedProxies: TrustedProxies | null): string {
  const given = request.headers['x-request-id'];
  if (typeof given !== 'string' || !WELL_FORMED.test(given)) return randomUUID();
  return isOurProxy(request.socket.remoteAddress, trustedProxies) ? given : randomUUID();
}

/** The same rule as for X-Forwarded-For: a peer is a proxy of ours when its word on whom it heard from counts. */
function isOurProxy(address: string | undefined, trustedProxies: TrustedProxies | null): boolean {
  return clientAddressOf({ address, forwardedFor: NOBODY }, trustedProxies) === NOBODY;
}

/** No UUID: Node puts one together of twenty pieces, which stay in memory as long as it, 600 bytes a socket. */
export function newSocketId(): string {
  return randomBytes(16).toString('hex');
}

/** The id of an operation on a socket: what it fails at, also later, is named so. */
export function socketRequestId(socketId: string, operationId: string): string {
  // The client chose it: only as much of it as is fit for a log line.
  return `${socketId}/${/^[\w.:-]{1,64}/.exec(operationId)?.[0] ?? ''}`;
}
