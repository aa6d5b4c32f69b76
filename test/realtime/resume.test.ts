import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { describeWithRedis } from '../support/describe-with-redis';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestRedis, type TestRedis } from '../support/test-redis';
import { connect, follow, startTestServer, type TestServer } from './socket-support';
import { writeEvents } from './stream-support';
import { range, seededRandom, until } from './support';

const workspaceId = randomUUID();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

async function write(server: TestServer, conversationId: string, first: number, count = 1): Promise<void> {
  await writeEvents(server.process, { workspaceId, conversationId }, first, count);
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
    const seen = { open: false, acknowledged: false };
    const client = connect(reader.url, {
      on: {
        opened: () => (seen.open = true),
        connected: () => (seen.acknowledged = true),
        closed: () => Object.assign(seen, { open: false, acknowledged: false }),
      },
    });
    const followed = follow(client, conversationId);
    await until('first connection', () => followed.ready.length > 0);
    let written = 0;
    for (let cut = 1; cut <= 100; cut += 1) {
      const count = 1 + random(5);
      const writing = write(writer, conversationId, written + 1, count);
      const before = { ready: followed.ready.length, numbers: followed.numbers.length };
      // Before, during and after the handshake, before READY, in the middle of the replay, or in the live part.
      const point = random(6);
      if (point === 1) await until('a socket', () => seen.open);
      if (point === 2) await until('an acknowledgement', () => seen.acknowledged);
      if (point === 3) {
        await until('READY', () => followed.ready.length > before.ready || followed.numbers.length > before.numbers);
      }
      if (point === 4) await until('an event', () => followed.numbers.length > before.numbers);
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
    await admin.quit();
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
