import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createHttpServer } from '../../src/server/http-server';
import { readJsonBody } from '../../src/server/read-body';
import { LogBook } from '../realtime/support';

const log = new LogBook();
let server: Server;
let port: number;
beforeAll(async () => {
  server = createHttpServer({
    endpoint: {
      handle: async (request, response) => {
        await readJsonBody(request);
        if (request.headers['x-fail'] !== undefined) throw new Error('on our side');
        response.end('read');
      },
      stop: () => Promise.resolve(),
    },
    explorer: null,
    allowedOrigins: [],
    isReady: () => Promise.resolve(true),
    log,
    trustedProxies: null,
    patience: { headersMs: 100, requestMs: 200, checkMs: 20 },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** All that the server says until it cuts the connection. */
async function answerTo(text: string): Promise<string> {
  const tcp = connect(port, '127.0.0.1');
  let answer = '';
  tcp.on('data', (chunk) => (answer += chunk.toString()));
  tcp.on('error', () => undefined);
  if (text !== '') tcp.write(text);
  await once(tcp, 'close');
  return answer;
}

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

describe('a connection that takes its time', () => {
  it.each([
    ['with nothing at all', ''],
    ['in the middle of the headers', HEAD],
    ['in the middle of the body', `${HEAD}Content-Length: 100\r\n\r\n{"query":`],
    ['in the middle of a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n64\r\n{"query":`],
  ])('%s is cut with 408', async (_name, text) => {
    expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('a request that is ambiguous, or none', () => {
  it.each([
    ['with two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`],
    ['with a length and chunks', `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ['with a negative length', `${HEAD}Content-Length: -1\r\n\r\n`],
    ['with a NUL in a header', `${HEAD}X-Evil: a\0b\r\n\r\n`],
    ['with a folded header', `${HEAD}X-Evil: a\r\n b: c\r\n\r\n`],
    ['without a host', 'GET /graphql HTTP/1.1\r\n\r\n'],
    ['of another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s is refused with 400', async (_name, text) => {
    expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('with headers of more than 16 KB is refused with 431', async () => {
    expect(await answerTo(`${HEAD}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

it('a request that fails outside of GraphQL is in the log under the id of its answer', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fail': 'yes' },
    body: '{}',
  });
  expect(response.status).toBe(500);
  const requestId = response.headers.get('x-request-id');
  // Connections that were cut above are in the log, too.
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      message: 'a request failed outside of GraphQL',
      fields: { err: expect.objectContaining({ message: 'on our side' }), requestId },
    }),
  );
});
