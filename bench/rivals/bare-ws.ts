import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { listening, serveRival } from './serve-rival';

/**
 * `ws` and nothing else: what a fan-out costs with no protocol, no schema and no access to check. By `send(string)`, as its
 * README broadcasts; or, with `frame`, by one frame that is built once and written to each socket, which is the least
 * that can be done in Node.
 */
serveRival(async ({ frame = false }: { frame?: boolean }) => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  const sockets = new Map<object, Socket>();
  server.on('connection', (client, { socket }) => {
    sockets.set(client, socket);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => undefined);
  });
  return {
    port: await listening(http),
    publish: (event) => {
      const text = JSON.stringify({ id: '1', type: 'next', payload: { data: { organizationEvents: event } } });
      if (!frame) {
        for (const client of server.clients) client.send(text);
        return;
      }
      const length = Buffer.byteLength(text);
      // RFC 6455 section 5.2: a final text frame, unmasked, of 126 to 65,535 bytes.
      const whole = Buffer.concat([Buffer.from([0x81, 126, length >> 8, length & 0xff]), Buffer.from(text)]);
      for (const socket of sockets.values()) socket.write(whole);
    },
  };
});
