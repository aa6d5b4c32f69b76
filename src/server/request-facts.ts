import type { TrustedProxies } from '../config/config';
import { clientAddressOf } from '../limits/client-address';
import type { Log } from '../realtime/log';
import type { RequestFacts } from '../resolvers/request-context';
import type { Handshake } from './socket-options';

export type ReadFacts = (request: Handshake, closeSocket?: RequestFacts['closeSocket']) => RequestFacts;

/** Reads what a request tells of itself; one reader serves HTTP and sockets. */
export function createFactsReader(options: { trustedProxies: TrustedProxies | null; log: Log }): ReadFacts {
  const { trustedProxies, log } = options;
  let isTold = false;
  return (request, closeSocket = () => undefined) => {
    const forwardedFor = request.headers['x-forwarded-for'];
    if (forwardedFor !== undefined && trustedProxies === null && !isTold) {
      isTold = true;
      log.warn({}, FORWARDED);
    }
    return {
      userAgent: request.headers['user-agent'] ?? null,
      origin: request.headers.origin ?? null,
      address: clientAddressOf(
        {
          address: request.socket.remoteAddress,
          forwardedFor: Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor,
        },
        trustedProxies,
      ),
      closeSocket,
    };
  };
}

/** Behind a proxy that is not named, all clients are one, and share one client's limits. */
const FORWARDED =
  'a request came with X-Forwarded-For, which is not believed: set BATON_TRUST_PROXY if a proxy of yours wrote it';
