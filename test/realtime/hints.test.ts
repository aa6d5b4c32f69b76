import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { createHintBus } from '../../src/realtime/hint-bus';
import { decodeLogHint, decodeSignal, encodeLogHint, encodeSignal } from '../../src/realtime/hint-codec';
import type { HintBus } from '../../src/realtime/hints';
import { type ReplyDeltaSignal, type Signal, splitSignal, type TypingSignal } from '../../src/realtime/signals';
import { describeWithRedis } from '../support/describe-with-redis';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestRedis, type TestRedis } from '../support/test-redis';
import { LogBook, until } from './support';

const typing: TypingSignal = {
  kind: 'TYPING',
  conversationId: randomUUID(),
  actorKind: 'USER',
  actorId: randomUUID(),
  isTyping: true,
  expiresAt: '2026-01-01T00:00:00.000Z',
};

function delta(text: string): ReplyDeltaSignal {
  return { kind: 'REPLY_DELTA', conversationId: randomUUID(), turnId: randomUUID(), controlEpoch: 1, text };
}

describe('hint codec', () => {
  test.each([
    ['nothing', null],
    ['text', 'position 7'],
    ['a list', [1, 7]],
    ['another version', { v: 2, position: 7 }],
    ['a negative position', { v: 1, position: -1 }],
    ['a fraction', { v: 1, position: 1.5 }],
    ['a text for a number', { v: 1, position: '7' }],
    ['a number beyond what is exact', { v: 1, position: 2 ** 60 }],
  ])('decodeLogHint ignores %s', (_name, payload) => {
    expect(decodeLogHint(payload)).toBeNull();
  });

  test.each([
    ['no signal', { v: 1 }],
    ['an unknown kind', { v: 1, signal: { ...typing, kind: 'SHOUTING' } }],
    ['an id that is no UUID', { v: 1, signal: { ...typing, actorId: "' or 1=1" } }],
    ['a field too many', { v: 1, signal: { ...typing, message: 'hello' } }],
    ['a field too few', { v: 1, signal: { ...typing, isTyping: undefined } }],
    ['an instant that is none', { v: 1, signal: { ...typing, expiresAt: 'soon' } }],
  ])('decodeSignal ignores %s', (_name, payload) => {
    expect(decodeSignal(payload)).toBeNull();
  });

  test('both codecs return what was encoded', () => {
    expect(decodeLogHint(JSON.parse(JSON.stringify(encodeLogHint(12))))).toBe(12);
    expect(decodeSignal(JSON.parse(JSON.stringify(encodeSignal(typing))))).toEqual(typing);
  });

  test.each([
    ['plain letters', 'a'.repeat(20_000)],
    ['emoji', '🙂'.repeat(5000)],
    ['control characters, six bytes each', '\u0001'.repeat(5000)],
  ])('splitSignal cuts a delta of %s into hints under 8000 bytes and loses nothing', (_name, text) => {
    const pieces = splitSignal(delta(text)) as ReplyDeltaSignal[];
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const piece of pieces) {
      expect(Buffer.byteLength(JSON.stringify(encodeSignal(piece)))).toBeLessThan(7900);
      expect(piece.text.isWellFormed()).toBe(true);
    }
  });
});

interface Link {
  databaseUrl: string;
  redisUrl: string | null;
}

/** Two buses of two processes, with what the second one heard. */
async function startPair(link: Link) {
  const log = new LogBook();
  const [sender, receiver] = [createHintBus({ ...link, log }), createHintBus({ ...link, log })] as [HintBus, HintBus];
  const heard = { positions: [] as number[], signals: [] as Signal[], reconnects: 0 };
  receiver.onLog((position) => heard.positions.push(position));
  receiver.onSignal((signal) => heard.signals.push(signal));
  receiver.onReconnect(() => (heard.reconnects += 1));
  await Promise.all([sender.start(), receiver.start()]);
  return { sender, receiver, heard, log, stop: () => Promise.all([sender.stop(), receiver.stop()]) };
}

function testsOfEveryBus(link: () => Link, forge: (channel: 'log' | 'signal', payload: string) => Promise<void>) {
  test('a listener that throws keeps hints from nobody else', async () => {
    const pair = await startPair(link());
    const after: number[] = [];
    pair.receiver.onLog(() => {
      throw new Error('a broken listener');
    });
    pair.receiver.onLog((position) => after.push(position));
    pair.sender.publishLog(3);
    await until('hint after the broken listener', () => after.includes(3));
    expect(pair.log.errors()).toContain('a realtime listener threw');
    await pair.stop();
  });

  test('of many log hints at once the newest arrives, and fewer than were published', async () => {
    const pair = await startPair(link());
    for (let position = 1; position <= 500; position += 1) pair.sender.publishLog(position);
    await until('newest position', () => pair.heard.positions.at(-1) === 500);
    expect(pair.heard.positions.length).toBeLessThan(10);
    await pair.stop();
  });

  test('signals arrive in order, equal ones too, and a long delta arrives whole', async () => {
    const pair = await startPair(link());
    const long = delta('ü'.repeat(30_000));
    const same = delta(' again');
    pair.sender.publishSignal(typing);
    for (let index = 0; index < 5; index += 1) pair.sender.publishSignal(same);
    pair.sender.publishSignal(long);
    pair.sender.publishSignal({ ...typing, isTyping: false });
    await until('last signal', () => pair.heard.signals.some((signal) => signal.kind === 'TYPING' && !signal.isTyping));
    const texts = pair.heard.signals.flatMap((signal) => (signal.kind === 'REPLY_DELTA' ? [signal.text] : []));
    expect(pair.heard.signals[0]).toEqual(typing);
    expect(texts.slice(0, 5)).toEqual(Array(5).fill(' again'));
    expect(texts.slice(5).join('')).toBe(long.text);
    await pair.stop();
  });

  test('forged and malformed hints are ignored', async () => {
    const pair = await startPair(link());
    for (const payload of ['', 'not json', '{"v":1,"position":"9"}', '{"v":9,"position":9}', '[]', 'null']) {
      await forge('log', payload);
      await forge('signal', payload);
    }
    pair.sender.publishSignal(typing);
    pair.sender.publishLog(1);
    await until('the true hints', () => pair.heard.positions.length > 0 && pair.heard.signals.length > 0);
    expect(pair.heard).toEqual({ positions: [1], signals: [typing], reconnects: 0 });
    await pair.stop();
  });
}

describe('hint bus over PostgreSQL', () => {
  let database: TestDatabase;
  let admin: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  testsOfEveryBus(
    () => ({ databaseUrl: database.url, redisUrl: null }),
    async (channel, payload) => {
      await admin.query('select pg_notify($1, $2)', [`baton_${channel}`, payload]);
    },
  );

  test('a bus whose connections are cut again and again comes back and says so', async () => {
    const pair = await startPair({ databaseUrl: database.url, redisUrl: null });
    for (let cut = 1; cut <= 3; cut += 1) {
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'baton-hints' and datname = current_database()`);
      await until('reconnect', () => pair.heard.reconnects === cut);
      await until('hint after reconnect', () => {
        pair.sender.publishLog(cut);
        return pair.heard.positions.includes(cut);
      });
    }
    await pair.stop();
  });

  test('without a server the start goes on, publishing does not throw, and stop ends it', async () => {
    const log = new LogBook();
    const bus = createHintBus({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', redisUrl: null, log });
    const started = bus.start();
    bus.publishLog(1);
    bus.publishSignal(typing);
    await until('report', () => log.lines.length > 0);
    await bus.stop();
    await started;
  });
});

describeWithRedis('hint bus over Redis', () => {
  let redis: TestRedis;
  let admin: Redis;
  const link = () => ({ databaseUrl: 'postgres://unused', redisUrl: redis.url });
  beforeAll(async () => {
    redis = await startTestRedis();
    admin = new Redis(redis.url);
    admin.on('error', () => undefined);
  });
  afterAll(async () => {
    await admin.quit();
    await redis.stop();
  });

  testsOfEveryBus(link, async (channel, payload) => {
    await admin.publish(`baton:${channel}`, payload);
  });

  test('FLUSHALL and cut connections: the bus comes back and says so', async () => {
    const pair = await startPair(link());
    await admin.flushall();
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('reconnect', () => pair.heard.reconnects > 0);
    await until('hint after reconnect', () => {
      pair.sender.publishLog(5);
      return pair.heard.positions.includes(5);
    });
    await pair.stop();
  });

  test('a bus that is stopped at any moment of its start or of a reconnect leaves nothing unhandled', async () => {
    for (let round = 0; round < 30; round += 1) {
      const bus = createHintBus({ ...link(), log: new LogBook() });
      const started = bus.start();
      for (let turn = 0; turn < round; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (round % 3 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await bus.stop();
      await started;
    }
    await until(
      'all connections closed',
      async () =>
        String(await admin.call('CLIENT', 'LIST'))
          .trim()
          .split('\n').length === 1,
    );
  });

  test('a restart of Redis: publishing meanwhile does not throw, and the bus comes back', async () => {
    const pair = await startPair(link());
    await redis.stop();
    pair.sender.publishLog(6);
    pair.sender.publishSignal(typing);
    await until('report', () => pair.log.lines.length > 0);
    redis = await startTestRedis({ port: redis.port });
    await until('hint after the restart', () => {
      pair.sender.publishLog(7);
      return pair.heard.positions.includes(7);
    });
    await pair.stop();
  });
});
