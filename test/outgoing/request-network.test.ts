import type { RequestListener } from 'node:http';
import { createOutgoing } from '../../src/outgoing/outgoing';
import { OutgoingNetworkError } from '../../src/outgoing/outgoing-errors';
import { serve, serveRaw, stopServers } from './loopback-servers';

const outgoing = createOutgoing({ allowLoopback: true });

afterEach(stopServers);

describe('request, what it says about failures of the network', () => {
  test('names a refused connection', async () => {
    const port = await serve(() => undefined);
    await stopServers();
    const request = outgoing.request({ url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {} });
    await expect(request).rejects.toMatchObject({
      name: 'OutgoingNetworkError',
      reason: 'NETWORK',
      code: 'ECONNREFUSED',
    });
  });

  test.each<[string, RequestListener]>([
    ['before the answer', (request) => request.socket.destroy()],
    [
      'in the middle of the body',
      (request, response) => {
        response.writeHead(200, { 'content-length': '10' }).write('half');
        request.socket.end();
      },
    ],
    [
      'after a protocol switch that nobody asked for',
      (request) =>
        request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    ['with something that is not HTTP', (request) => request.socket.end('hello\r\n\r\n')],
  ])('reports a connection cut %s', async (_kind, listener) => {
    const port = await serve(listener);
    const request = outgoing.request({
      url: `http://127.0.0.1:${port}/`,
      method: 'GET',
      headers: {},
      timeoutMs: 5_000,
    });
    await expect(request).rejects.toThrow(OutgoingNetworkError);
  });

  test('speaks TLS on https, names the host and refuses a server without a certificate', async () => {
    const hello: Buffer[] = [];
    const port = await serveRaw((socket) => {
      // The client gives up in the middle, which is the point.
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        hello.push(data);
        socket.end('no TLS here');
      });
    });
    const pinned = createOutgoing({ allowLoopback: true, resolve: () => Promise.resolve(['127.0.0.1']) });
    const request = pinned.request({ url: `https://app.localhost:${port}/`, method: 'GET', headers: {} });
    await expect(request).rejects.toThrow(OutgoingNetworkError);
    expect(hello[0]?.[0]).toBe(22);
    expect(hello[0]?.includes('app.localhost')).toBe(true);
  });
});
