import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import {
  answerTo,
  connect,
  follow,
  GOOD_TOKEN,
  openAcknowledged,
  openRaw,
  startTestServer,
  type TestServer,
} from './socket-support';
import { until } from './support';

let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({
    databaseUrl: database.url,
    rules: [NoSchemaIntrospectionCustomRule],
    server: { allowedOrigins: ['https://dashboard.example.com'] },
  });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

describe('socket server', () => {
  test.each([
    ['no credential', undefined],
    ['an unknown credential', { authorization: 'Bearer bad' }],
    ['a credential that is no text', { authorization: { $ne: null } }],
  ])('%s: closed with 4401, and the client does not try again', async (_name, connectionParams) => {
    let connections = 0;
    const client = connect(server.url, {
      connectionParams,
      shouldRetry: () => true,
      on: { opened: () => (connections += 1) },
    });
    const followed = follow(client, randomUUID());
    await until('refusal', () => followed.failures.length > 0);
    expect(followed.failures).toEqual([expect.objectContaining({ code: 4401 })]);
    expect(connections).toBe(1);
  });

  test('a credential check that fails: closed with 1013, which clients try again, and nothing leaks', async () => {
    const raw = await openRaw(server.url);
    raw.send({ type: 'connection_init', payload: { authorization: 'Bearer crash' } });
    expect(await raw.closed).toEqual({ code: 1013, reason: 'Try again later.' });
  });

  test.each([
    ['another sub-protocol', 'graphql-ws', 4406],
    ['no sub-protocol', null, 4406],
  ])('%s: closed with %s', async (_name, protocol, code) => {
    const socket = openRaw(server.url, { protocol }).then((raw) => raw.closed);
    // With a protocol that the server does not choose, the client of ws itself refuses the handshake.
    if (protocol !== null) await expect(socket).rejects.toThrow('Server sent no subprotocol');
    else expect((await socket).code).toBe(code);
  });

  test.each([
    ['a foreign origin', '/graphql', { origin: 'https://evil.example.com' }, 403],
    ['the null origin', '/graphql', { origin: 'null' }, 403],
    ['another path', '/other', {}, 404],
  ])('%s is refused before the upgrade', async (_name, path, options, status) => {
    await expect(openRaw(server.url.replace('/graphql', path), options)).rejects.toThrow(
      `Unexpected server response: ${status}`,
    );
  });

  test('the allowed origin is let in', async () => {
    const raw = await openRaw(server.url, { origin: 'https://dashboard.example.com' });
    raw.socket.close();
    await raw.closed;
  });

  test('a handshake that is cut in the middle harms nobody', async () => {
    const port = Number(new URL(server.url).port);
    const tcp = connectTcp(port, '127.0.0.1');
    tcp.write(
      'GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: bad\r\n\r\n',
    );
    tcp.resetAndDestroy();
    expect(await answerTo(server, '{ ping }')).toHaveLength(1);
  });

  test.each([
    ['an operation before the acknowledgement', { type: 'subscribe', id: '1', payload: { query: '{ ping }' } }, 4401],
    ['an unknown message', { type: 'hello' }, 4400],
    ['no message', [], 4400],
  ])('%s: closed with the code of the protocol', async (_name, message, code) => {
    const raw = await openRaw(server.url);
    raw.send(message);
    expect((await raw.closed).code).toBe(code);
  });

  test('a second connection_init: closed with 4429', async () => {
    const raw = await openAcknowledged(server);
    raw.send({ type: 'connection_init', payload: { authorization: GOOD_TOKEN } });
    expect((await raw.closed).code).toBe(4429);
  });

  test('a binary frame: closed with 4400; a frame over 64 KiB: 1009', async () => {
    const binary = await openRaw(server.url);
    binary.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect((await binary.closed).code).toBe(4400);
    const oversized = await openAcknowledged(server);
    oversized.send({ type: 'ping', payload: { text: 'x'.repeat(64 * 1024) } });
    expect((await oversized.closed).code).toBe(1009);
  });

  test.each([
    ['a query', '{ ping }', 'Only subscriptions run over the socket: send queries and mutations over HTTP.'],
    [
      'a mutation',
      'mutation { break }',
      'Only subscriptions run over the socket: send queries and mutations over HTTP.',
    ],
    ['an unknown field', 'subscription { nothing { cursor } }', 'Cannot query field "nothing" on type "Subscription".'],
    [
      'introspection, which a rule forbids',
      'subscription { refused { cursor } __schema { description } }',
      expect.any(String),
    ],
    ['a document that does not parse', 'subscription {', 'Syntax Error: Expected Name, found <EOF>.'],
    ['too many tokens', `subscription { ${'refused { cursor } '.repeat(600)} }`, expect.stringContaining('token')],
    ['no operation', 'fragment F on Item { cursor }', 'The document has no such operation.'],
  ])('%s is answered with an error and the socket lives', async (_name, query, message) => {
    const [answer] = await answerTo(server, query);
    expect(answer).toMatchObject({ type: 'error', id: '1' });
    expect((answer!.payload as { message: string }[])[0]!.message).toEqual(message);
  });

  test.each([
    ['subscribe', 'subscription { refused { cursor } }'],
    ['the running stream', 'subscription { broken { cursor } }'],
    ['a resolver of an item', 'subscription { broken { cursor secret } }'],
  ])('an internal error in %s is masked', async (_name, query) => {
    const answer = JSON.stringify(await answerTo(server, query));
    expect(answer).toContain('Internal server error.');
    expect(answer).not.toMatch(/hunter2|select|password/);
  });

  test('a createContext that fails is masked too, and the socket lives', async () => {
    const failing = await startTestServer({
      databaseUrl: database.url,
      server: {
        createContext: () => {
          throw new Error('hunter2');
        },
      },
    });
    const [answer] = await answerTo(failing, 'subscription { refused { cursor } }');
    expect(answer).toMatchObject({ type: 'error', payload: [{ message: 'Internal server error.' }] });
    await failing.close();
  });
});
