import { randomUUID } from 'node:crypto';
import { writeOutbox } from '../../src/database/outbox';
import type { Principal } from '../../src/domain/actor';
import type { EventName, NewEvent } from '../../src/domain/events';
import type { AccessChange } from '../../src/queries/changed-access';
import { encodeCursor } from '../../src/realtime/cursor';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld } from '../support/world';
import {
  connect,
  follow,
  GOOD_TOKEN,
  openAcknowledged,
  openRaw,
  SESSION_ID,
  startTestServer,
  type TestServer,
} from './socket-support';
import { countOf, writeEvents } from './stream-support';
import { range, until } from './support';

const workspaceId = randomUUID();
let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({ databaseUrl: database.url });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

describe('socket server', () => {
  test('the 101st stream of a socket is refused, and the others go on', async () => {
    const raw = await openAcknowledged(server);
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { cursor n } }`;
    for (const n of range(1, 101)) raw.send({ type: 'subscribe', id: String(n), payload: { query } });
    await until('100 READY', () => raw.received.filter((message) => message.type === 'next').length === 100);
    const errors = raw.received.filter((message) => message.type === 'error');
    expect(errors).toEqual([expect.objectContaining({ id: '101' })]);
    raw.send({ type: 'complete', id: '1' });
    await until('released', () => server.sockets.streams.memberCount === 99);
    raw.socket.close();
    await until('all released', () => server.process.hub.events.of(`conversation:${conversationId}`).size === 0);
  });

  test('a reader that does not read is closed with 4008, and resumes without a gap', async () => {
    const conversationId = randomUUID();
    const raw = await openAcknowledged(server);
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
      await writeEvents(server.process, { workspaceId, conversationId }, written + 1, 200);
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
    await until('all in the log', async () => (await countOf(server.process.source, conversationId)) === written);
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
    const visitorId = (await createWorld(server.process.source)).visitor.id;
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

  test.each([
    ['ended', 'ENDED', 4401],
    ['changed', 'CHANGED', 4205],
  ] as const)(
    'a credential whose access has %s while the socket lives: that socket is closed, others stay',
    async (_, change, code) => {
      const known: Principal[] = [];
      const changes = new Map<Principal, AccessChange>();
      const checked = await startTestServer({
        databaseUrl: database.url,
        server: {
          changedAccess: async (principals) => {
            for (const principal of principals) if (!known.includes(principal)) known.push(principal);
            return changes;
          },
        },
      });
      const first = await openAcknowledged(checked);
      await until('a check of the first', () => known.length === 1);
      const second = await openAcknowledged(checked);
      changes.set(known[0]!, change);
      expect((await first.closed).code).toBe(code);
      expect(second.socket.readyState).toBe(second.socket.OPEN);
      await checked.close();
    },
  );

  test('the end of a credential in the log: nothing that was committed after it reaches its socket', async () => {
    const raw = await openAcknowledged(server);
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { n } }`;
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    await until('READY', () => raw.received.length === 2);
    await server.process.source.transaction(async (manager) => {
      const event = (name: EventName, subjectId: string, n: number): NewEvent => {
        const nowhere = { organizationId: null, agentId: null, userId: null };
        return { name, subjectId, workspaceId, ...nowhere, conversationId, snapshot: { n } };
      };
      await writeOutbox(manager, [event('ACCESS_ENDED', SESSION_ID, 1), event('MESSAGE_ADDED', randomUUID(), 2)]);
    });
    server.process.dispatcher.kick();
    expect((await raw.closed).code).toBe(4401);
    expect(raw.received.filter((message) => message.type === 'next')).toHaveLength(1);
  });

  test('drain: open sockets are closed with 1012, new ones refused, and streams are gone', async () => {
    const draining = await startTestServer({ databaseUrl: database.url, server: { drainSeconds: 2 } });
    const sockets = await Promise.all(range(1, 5).map(() => openAcknowledged(draining)));
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { cursor } }`;
    for (const raw of sockets) raw.send({ type: 'subscribe', id: '1', payload: { query } });
    await until('streams', () => draining.sockets.streams.memberCount === 5);
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
    const client = connect(restored.url, { on: { closed: (event) => codes.push((event as { code: number }).code) } });
    const followed = follow(client, conversationId);
    await until('READY', () => followed.ready.length === 1);
    await writeEvents(restored.process, { workspaceId, conversationId }, 1, 3);
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
