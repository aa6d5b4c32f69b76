import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { Redis } from 'ioredis';
import type { Principal } from '../../src/domain/actor';
import { describeWithRedis } from '../support/describe-with-redis';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestRedis, type TestRedis } from '../support/test-redis';
import { connect, follow, GOOD_TOKEN, openRaw, startTestServer, type TestServer } from './socket-support';
import { encodeCursor } from '../../src/realtime/cursor';
import { commitEvents, range, until } from './support';

const workspaceId = randomUUID();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** The same dice in every run: a failure can be looked at again. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function write(server: TestServer, conversationId: string, first: number, count = 1): Promise<void> {
  await commitEvents(server.process.source, { workspaceId, conversationId }, first, count);
  server.process.dispatcher.kick();
}

/** Two processes, the writer in one and the client at the other; `cut` damages the transport of the hints. */
function resumeTests(link: () => { redisUrl: string | null; loseHints: () => Promise<unknown> }) {
  let writer: TestServer;
  let reader: TestServer;
  beforeAll(async () => {
    const { redisUrl } = link();
    writer = await startTestServer({ databaseUrl: database.url, redisUrl });
    reader = await startTestServer({ databaseUrl: database.url, redisUrl });
  });
  afterAll(async () => {
    await writer.close();
    await reader.close();
  });

  test('a connection cut a hundred times at random points while a writer goes on: no gap, no double', async () => {
    const random = seededRandom(20_261);
    const conversationId = randomUUID();
    let opened = 0;
    let connected = 0;
    const client = connect(reader.url, { on: { opened: () => (opened += 1), connected: () => (connected += 1) } });
    const followed = follow(client, conversationId);
    await until('first connection', () => followed.ready.length > 0);
    let written = 0;
    for (let cut = 1; cut <= 100; cut += 1) {
      const count = 1 + random(5);
      const writing = write(writer, conversationId, written + 1, count);
      const seen = { opened, connected, ready: followed.ready.length, numbers: followed.numbers.length };
      // Before, during and after the handshake, before READY, in the middle of the replay, or in the live part.
      const point = random(6);
      if (point === 1) await until('a socket', () => opened > seen.opened || connected === opened);
      if (point === 2) await until('an acknowledgement', () => connected > seen.connected || connected === opened);
      if (point === 3)
        await until('READY', () => followed.ready.length > seen.ready || followed.numbers.length > seen.numbers);
      if (point === 4) await until('an event', () => followed.numbers.length > seen.numbers);
      if (random(2) === 0) client.terminate();
      else reader.cutAll();
      await writing;
      written += count;
    }
    await until('all events', () => followed.numbers.length >= written);
    await write(writer, conversationId, written + 1);
    await until('one more', () => followed.numbers.includes(written + 1));
    expect(followed.numbers).toEqual(range(1, written + 1));
    expect(followed.ready.length).toBeGreaterThan(20);
    expect(followed.ready.slice(1).every((ready) => ready.recovered)).toBe(true);
    expect(followed.failures).toEqual([]);
    followed.stop();
    await client.dispose();
  });

  test('hints are lost again and again: everything arrives all the same, once and in order', async () => {
    const conversationId = randomUUID();
    const client = connect(reader.url);
    const followed = follow(client, conversationId);
    await until('READY', () => followed.ready.length > 0);
    for (let round = 0; round < 5; round += 1) {
      await link().loseHints();
      await write(writer, conversationId, round * 20 + 1, 10);
      await link().loseHints();
      await write(writer, conversationId, round * 20 + 11, 10);
    }
    await until('all events', () => followed.numbers.length >= 100);
    expect(followed.numbers).toEqual(range(1, 100));
    expect(followed.ready).toHaveLength(1);
    followed.stop();
    await client.dispose();
  });
}

describe('sockets with hints over PostgreSQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await server.close();
  });
  resumeTests(() => ({
    redisUrl: null,
    loseHints: () =>
      server.process.source.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'baton-hints' and datname = current_database()`),
  }));
});

describeWithRedis('sockets with hints over Redis', () => {
  let redis: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });
  resumeTests(() => ({
    redisUrl: redis.url,
    loseHints: async () => {
      await admin.flushall();
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
  }));
});

describe('socket server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      databaseUrl: database.url,
      rules: [NoSchemaIntrospectionCustomRule],
      server: { allowedOrigins: ['https://dashboard.example.com'] },
    });
  });
  afterAll(async () => {
    await server.close();
  });

  async function openAcknowledged(on: TestServer = server) {
    const raw = await openRaw(on.url);
    raw.send({ type: 'connection_init', payload: { authorization: GOOD_TOKEN } });
    await until('acknowledgement', () => raw.received.some((message) => message.type === 'connection_ack'));
    return raw;
  }

  async function answerTo(query: string, on: TestServer = server) {
    const raw = await openAcknowledged(on);
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    const isLast = (message: Record<string, unknown>): boolean =>
      message.type === 'error' || message.type === 'complete';
    await until('answer', () => raw.received.some(isLast));
    raw.socket.close();
    return raw.received.slice(1);
  }

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
    expect(await answerTo('{ ping }')).toHaveLength(1);
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
    const raw = await openAcknowledged();
    raw.send({ type: 'connection_init', payload: { authorization: GOOD_TOKEN } });
    expect((await raw.closed).code).toBe(4429);
  });

  test('a binary frame: closed with 4400; a frame over 64 KiB: 1009', async () => {
    const binary = await openRaw(server.url);
    binary.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect((await binary.closed).code).toBe(4400);
    const oversized = await openAcknowledged();
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
    const [answer] = await answerTo(query);
    expect(answer).toMatchObject({ type: 'error', id: '1' });
    expect((answer!.payload as { message: string }[])[0]!.message).toEqual(message);
  });

  test.each([
    ['subscribe', 'subscription { refused { cursor } }'],
    ['the running stream', 'subscription { broken { cursor } }'],
    ['a resolver of an item', 'subscription { broken { cursor secret } }'],
  ])('an internal error in %s is masked', async (_name, query) => {
    const answer = JSON.stringify(await answerTo(query));
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
    const [answer] = await answerTo('subscription { refused { cursor } }', failing);
    expect(answer).toMatchObject({ type: 'error', payload: [{ message: 'Internal server error.' }] });
    await failing.close();
  });

  test('the 101st stream of a socket is refused, and the others go on', async () => {
    const raw = await openAcknowledged();
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { cursor n } }`;
    for (const n of range(1, 101)) raw.send({ type: 'subscribe', id: String(n), payload: { query } });
    await until('100 READY', () => raw.received.filter((message) => message.type === 'next').length === 100);
    const errors = raw.received.filter((message) => message.type === 'error');
    expect(errors).toEqual([expect.objectContaining({ id: '101' })]);
    raw.send({ type: 'complete', id: '1' });
    await until('released', () => server.process.hub.events.of(`conversation:${conversationId}`).size === 99);
    raw.socket.close();
    await until('all released', () => server.process.hub.events.of(`conversation:${conversationId}`).size === 0);
  });

  test('a reader that does not read is closed with 4008, and resumes without a gap', async () => {
    const conversationId = randomUUID();
    const raw = await openAcknowledged();
    // The name makes each item long, so that what the operating system buffers is soon full.
    const name = 'n'.repeat(20_000);
    raw.send({
      type: 'subscribe',
      id: '1',
      payload: { query: `subscription { ${name}: events(conversationId: "${conversationId}") { cursor n } }` },
    });
    await until('READY', () => raw.received.length === 2);
    raw.socket.pause();
    let written = 0;
    while (server.process.hub.events.of(`conversation:${conversationId}`).size > 0) {
      await write(server, conversationId, written + 1, 200);
      written += 200;
      await server.process.tail.catchUp();
    }
    raw.socket.resume();
    expect((await raw.closed).code).toBe(4008);
    const items = raw.received
      .filter((message) => message.type === 'next')
      .map(
        (message) => (message.payload as { data: Record<string, { cursor: string; n: number | null }> }).data[name]!,
      );
    const got = items.slice(1).map((item) => item.n);
    expect(got).toEqual(range(1, got.length));
    // Less than 300 behind is resumed; this reader chooses such a place to show that its cursors are good.
    const client = connect(server.url);
    const near = await cursorOf(conversationId, written - 200);
    const followed = follow(client, conversationId, near);
    await until('rest', () => followed.numbers.length >= 200);
    expect(followed.ready).toEqual([{ cursor: near, recovered: true }]);
    expect(followed.numbers).toEqual(range(written - 199, written));
    await client.dispose();
  });

  async function cursorOf(conversationId: string, n: number): Promise<string> {
    const [row] = await server.process.source.query(
      `select position::int from events where conversation_id = $1 and (snapshot->>'n')::int = $2`,
      [conversationId, n],
    );
    return encodeCursor(server.process.tail.logId, row.position);
  }

  test('a socket makes its principal present from the acknowledgement on, and says when it is gone', async () => {
    const visitorId = randomUUID();
    const presentUntil = async (): Promise<Date | undefined> => {
      const rows = await server.process.source.query('select until from presences where actor_id = $1', [visitorId]);
      return rows[0]?.until;
    };
    const raw = await openRaw(server.url);
    expect(await presentUntil()).toBeUndefined();
    raw.send({ type: 'connection_init', payload: { authorization: `${GOOD_TOKEN} ${visitorId}` } });
    const first = (await until('presence', presentUntil))!;
    raw.socket.terminate();
    // No heartbeat comes as soon as this: the end of the socket wrote it.
    await until('last sign', async () => (await presentUntil())! > first, 5000);
  });

  test('a peer that does not answer pings is cut, one that does stays', async () => {
    const pinging = await startTestServer({ databaseUrl: database.url, server: { keepAliveMs: 50 } });
    const dead = await openRaw(pinging.url);
    const alive = await openAcknowledged(pinging);
    dead.socket.pause();
    let pings = 0;
    alive.socket.on('ping', () => (pings += 1));
    await until('only the living one', () => pinging.sockets.connections() === 1);
    const before = pings;
    await until('more pings', () => pings > before + 3);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    dead.socket.terminate();
    await pinging.close();
  });

  test('a credential that is revoked while the socket lives: that socket is closed with 4401, others stay', async () => {
    const known: Principal[] = [];
    const revoked = new Set<Principal>();
    const checked = await startTestServer({
      databaseUrl: database.url,
      server: {
        stillValid: async (principals) => {
          for (const principal of principals) if (!known.includes(principal)) known.push(principal);
          return new Set(principals.filter((principal) => !revoked.has(principal)));
        },
      },
    });
    const first = await openAcknowledged(checked);
    await until('a check of the first', () => known.length === 1);
    const second = await openAcknowledged(checked);
    revoked.add(known[0]!);
    expect((await first.closed).code).toBe(4401);
    expect(second.socket.readyState).toBe(second.socket.OPEN);
    await checked.close();
  });

  test('drain: open sockets are closed with 1012, new ones refused, and streams are gone', async () => {
    const draining = await startTestServer({ databaseUrl: database.url, server: { drainSeconds: 2 } });
    const sockets = await Promise.all(range(1, 5).map(() => openAcknowledged(draining)));
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { cursor } }`;
    for (const raw of sockets) raw.send({ type: 'subscribe', id: '1', payload: { query } });
    await until('streams', () => draining.process.hub.events.of(`conversation:${conversationId}`).size === 5);
    const drained = draining.sockets.drain();
    await sockets[0]!.closed;
    await expect(openRaw(draining.url)).rejects.toThrow('Unexpected server response: 503');
    expect(draining.sockets.connections()).toBeGreaterThan(0);
    const codes = await Promise.all(sockets.map(async (raw) => (await raw.closed).code));
    expect(codes).toEqual(Array(5).fill(1012));
    await drained;
    expect(draining.sockets.connections()).toBe(0);
    expect(draining.process.hub.events.size).toBe(0);
    await draining.close();
  });

  test('a log that was replaced: sockets are closed with 1012 and clients come back to a stream that says so', async () => {
    const own = await createTestDatabase();
    const restored = await startTestServer({ databaseUrl: own.url, reconcileMs: 50 });
    const conversationId = randomUUID();
    const codes: number[] = [];
    const client = connect(restored.url, { on: { closed: (event) => codes.push((event as CloseEvent).code) } });
    const followed = follow(client, conversationId);
    await until('READY', () => followed.ready.length === 1);
    await write(restored, conversationId, 1, 3);
    await until('events', () => followed.numbers.length === 3);
    await restored.process.source.query(
      'with gone as (delete from events where position > 1) update event_log set position = 1',
    );
    await until('READY again', () => followed.ready.length === 2);
    expect(codes).toEqual([1012]);
    expect(followed.ready[1]!.recovered).toBe(false);
    await client.dispose();
    await restored.close();
    await own.drop();
  });
});

interface CloseEvent {
  code: number;
}
