import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createOutgoing, type Outgoing } from '../../src/outgoing/outgoing';
import {
  OutgoingAbortedError,
  OutgoingNetworkError,
  OutgoingTimeoutError,
  ResponseTooLargeError,
  UnsafeTargetError,
} from '../../src/outgoing/outgoing-errors';
import { serve, stopServers } from './loopback-servers';

const outgoing = createOutgoing({ allowLoopback: true });
/** A name whose answers change from lookup to lookup. */
function rebinding(...answers: string[][]): { outgoing: Outgoing; lookups: () => number } {
  let lookups = 0;
  const resolve = (): Promise<string[]> => {
    const answer = answers[Math.min(lookups, answers.length - 1)] ?? [];
    lookups += 1;
    return Promise.resolve(answer);
  };
  return { outgoing: createOutgoing({ allowLoopback: true, resolve }), lookups: () => lookups };
}

afterEach(stopServers);

describe('request, what it refuses', () => {
  test('does not connect to a loopback server by default', async () => {
    const listener = jest.fn();
    const port = await serve(listener);
    const strict = createOutgoing({ allowLoopback: false });
    for (const url of [`http://127.0.0.1:${port}/`, `https://localhost:${port}/`, `https://[::1]:${port}/`]) {
      await expect(strict.request({ url, method: 'GET', headers: {} })).rejects.toThrow(UnsafeTargetError);
    }
    expect(listener).not.toHaveBeenCalled();
  });

  test('refuses a name that was public when it was saved and is private when it is called', async () => {
    const name = rebinding(['93.184.215.14'], ['10.0.0.1']);
    expect(await name.outgoing.checkTarget('https://example.com/')).toBeNull();
    const request = name.outgoing.request({ url: 'https://example.com/', method: 'GET', headers: {} });
    await expect(request).rejects.toThrow(UnsafeTargetError);
    expect(name.lookups()).toBe(2);
  });

  test('connects to the address that was checked, with one lookup per request', async () => {
    const port = await serve((request, response) => response.end(request.socket.localAddress), '127.0.0.2');
    const name = rebinding(['127.0.0.2'], ['10.0.0.1']);
    const { body } = await name.outgoing.request({ url: `http://app.localhost:${port}/`, method: 'GET', headers: {} });
    expect(body.toString()).toBe('127.0.0.2');
    expect(name.lookups()).toBe(1);
  });

  test.each([301, 302, 303, 307, 308])('returns a %i redirect and does not follow it', async (status) => {
    const paths: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(status, { location: '/secret' }).end();
    });
    const answer = await outgoing.request({
      url: `http://127.0.0.1:${port}/first`,
      method: 'POST',
      headers: {},
      body: 'x',
    });
    expect(answer).toMatchObject({ status, headers: { location: '/secret' } });
    expect(paths).toEqual(['/first']);
  });

  test('stops reading an endless body and closes the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const port = await serve((_request, response) => {
      closed = once(response, 'close');
      const write = (): void => {
        while (response.write(Buffer.alloc(16_384))) continue;
        response.once('drain', write);
      };
      response.writeHead(200, { 'x-mark': 'seen' });
      write();
    });
    const request = outgoing.request({ url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {} });
    await expect(request).rejects.toBeInstanceOf(ResponseTooLargeError);
    await expect(request).rejects.toMatchObject({
      status: 200,
      headers: { 'x-mark': 'seen' },
      maxResponseBytes: 65_536,
    });
    await closed;
  });

  test('accepts a body of exactly the limit and refuses one byte more', async () => {
    const port = await serve((_request, response) => response.end('x'.repeat(100)));
    const target = { url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {} };
    expect((await outgoing.request({ ...target, maxResponseBytes: 100 })).body).toHaveLength(100);
    await expect(outgoing.request({ ...target, maxResponseBytes: 99 })).rejects.toThrow(ResponseTooLargeError);
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['answers the head and never the body', (_request, response) => response.writeHead(200).write('x')],
    [
      'trickles its body for ever',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'), 10);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('gives up on a server that %s', async (_kind, listener) => {
    const port = await serve(listener);
    const request = outgoing.request({ url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {}, timeoutMs: 150 });
    await expect(request).rejects.toThrow(OutgoingTimeoutError);
  });

  test('gives up on a name lookup that never ends, without connecting later', async () => {
    const listener = jest.fn();
    const port = await serve(listener);
    let finish: (addresses: string[]) => void = () => undefined;
    const lookup = new Promise<string[]>((resolve) => {
      finish = resolve;
    });
    const slow = createOutgoing({ allowLoopback: true, resolve: () => lookup });
    const request = slow.request({ url: `http://localhost:${port}/`, method: 'GET', headers: {}, timeoutMs: 50 });
    await expect(request).rejects.toThrow(OutgoingTimeoutError);
    finish(['127.0.0.1']);
    // A later request over the same server shows that the first one never came.
    await expect(
      outgoing.request({ url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {}, timeoutMs: 50 }),
    ).rejects.toThrow();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('ends at once when the caller aborts, before and during', async () => {
    const controller = new AbortController();
    const port = await serve(() => controller.abort());
    const target = { url: `http://127.0.0.1:${port}/`, method: 'GET', headers: {}, signal: controller.signal };
    await expect(outgoing.request(target)).rejects.toThrow(OutgoingAbortedError);
    await expect(outgoing.request(target)).rejects.toThrow(OutgoingAbortedError);
  });

  test('does not let a header smuggle a second one, nor take over the host', async () => {
    const port = await serve((request, response) => response.end(request.headers.host));
    const target = { url: `http://127.0.0.1:${port}/`, method: 'GET' };
    await expect(outgoing.request({ ...target, headers: { 'x-a': 'b\r\nx-c: d' } })).rejects.toThrow(
      OutgoingNetworkError,
    );
    const { body } = await outgoing.request({ ...target, headers: { Host: 'other.example', 'Content-Length': '7' } });
    expect(body.toString()).toBe(`127.0.0.1:${port}`);
  });
});

describe('request, what it does', () => {
  test('sends method, headers and body, and returns status, headers and body', async () => {
    let seen: IncomingMessage | undefined;
    const port = await serve((request, response) => {
      seen = request;
      response.writeHead(418, { 'X-One': '1', 'Set-Cookie': ['a=1', 'b=2'] });
      request.pipe(response);
    });
    const answer = await outgoing.request({
      url: `http://127.0.0.1:${port}/path?q=1`,
      method: 'PUT',
      headers: { 'Content-Type': 'text/plain', 'X-Two': '2' },
      body: 'grüezi',
    });
    expect(seen).toMatchObject({ method: 'PUT', url: '/path?q=1', headers: { 'x-two': '2', 'content-length': '7' } });
    expect(answer).toMatchObject({ status: 418, headers: { 'x-one': '1', 'set-cookie': 'a=1, b=2' } });
    expect(answer.body.toString()).toBe('grüezi');
  });

  test('reads a whole answer whose server closes the connection at once', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end('x'.repeat(60_000)),
    );
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        outgoing.request({ url: `http://localhost:${port}/`, method: 'GET', headers: {} }),
      ),
    );
    expect(answers.map((answer) => answer.body.length)).toEqual(Array.from({ length: 20 }, () => 60_000));
  });
});
