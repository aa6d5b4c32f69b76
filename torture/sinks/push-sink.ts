import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArrivalRecord } from '../history/history';

/** What a browser hands to `registerPushSubscription`. */
export interface BrowserSubscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface PushSink {
  readonly arrivals: readonly ArrivalRecord[];
  subscribe(): BrowserSubscription;
  stop(): Promise<void>;
}

/** A push service on loopback that takes every push and remembers its topic. What is inside is for the browser alone. */
export async function startPushSink(): Promise<PushSink> {
  const arrivals: ArrivalRecord[] = [];
  let origin = '';
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const topic = request.headers.topic?.toString() ?? 'a push without a topic';
      arrivals.push({ id: topic, endpoint: `${origin}${request.url ?? ''}`, at: Date.now() });
      response.writeHead(201, { location: `${origin}/message/${randomUUID()}` }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    arrivals,
    subscribe: () => {
      const keys = createECDH('prime256v1');
      keys.generateKeys();
      return {
        endpoint: `${origin}/push/${randomUUID()}`,
        p256dh: keys.getPublicKey('base64url'),
        auth: randomBytes(16).toString('base64url'),
      };
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
