import { randomUUID } from 'node:crypto';
import { encodeCursor } from '../../src/realtime/cursor';
import type { FeedOptions } from '../../src/realtime/event-feed';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { countOf, numbers, open, ready, writeEvents } from './stream-support';
import { commitEvents, range, startTestProcess, take, type TestProcess, until } from './support';

let database: TestDatabase;
let writer: TestProcess;
let reader: TestProcess;
const workspaceId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  writer = await startTestProcess({ databaseUrl: database.url });
  // It looks by itself once in an hour: what arrives here arrived by hints.
  reader = await startTestProcess({ databaseUrl: database.url, reconcileMs: 3_600_000 });
});
afterAll(async () => {
  await writer.close();
  await reader.close();
  await database.drop();
});

function write(place: { conversationId: string }, first: number, count = 1): Promise<void> {
  return writeEvents(writer, { workspaceId, ...place }, first, count);
}

describe('stream groups', () => {
  test('events committed in one process arrive in another by hints, in order', async () => {
    const scope = { conversationId: randomUUID() };
    const stream = open(reader, { scope });
    expect(await ready(stream)).toMatchObject({ recovered: false, replayed: 0 });
    await write(scope, 1, 3);
    await write(scope, 4, 2);
    expect(numbers(await take(stream, 5))).toEqual(range(1, 5));
    await stream.return();
  });

  test('many writers at once with rollbacks: every committed event once, each writer in its own order', async () => {
    const scope = { conversationId: randomUUID() };
    const stream = open(reader, { scope });
    await ready(stream);
    const writers = range(0, 9).map(async (w) => {
      for (const n of range(0, 19)) {
        const rolledBack = writer.source.transaction(async (manager) => {
          await manager.query(`insert into outbox (name, workspace_id, subject_id) values ('MESSAGE_ADDED', $1, $1)`, [
            workspaceId,
          ]);
          throw new Error('rolled back');
        });
        await expect(rolledBack).rejects.toThrow('rolled back');
        await write(scope, w * 100 + n);
      }
    });
    const [items] = await Promise.all([take(stream, 200), ...writers]);
    for (const w of range(0, 9)) {
      const own = (numbers(items) as number[]).filter((n) => Math.floor(n / 100) === w);
      expect(own).toEqual(range(w * 100, w * 100 + 19));
    }
    const [{ dense }] = await reader.source.query('select count(*) = max(position) as dense from events');
    expect(dense).toBe(true);
    await stream.return();
  });

  test('resumed from each cursor: exactly what came after it, then live', async () => {
    const scope = { conversationId: randomUUID() };
    const first = open(reader, { scope });
    const start = await ready(first);
    await write(scope, 1, 5);
    const cursors = [start.cursor, ...(await take(first, 5)).map((item) => item.cursor)];
    for (const [seen, after] of cursors.entries()) {
      const stream = open(writer, { scope, after });
      // The cursor of READY is `after` itself: a client that dies before the replay loses nothing.
      expect(await ready(stream)).toEqual({ kind: 'READY', cursor: after, recovered: true, replayed: 5 - seen });
      expect(numbers(await take(stream, 5 - seen))).toEqual(range(seen + 1, 5));
      await stream.return();
    }
    await first.return();
  });

  test('streams that open while a writer goes on: no gap and no double between replay and live', async () => {
    const scope = { conversationId: randomUUID() };
    const begin = open(reader, { scope });
    const { cursor: after } = await ready(begin);
    await begin.return();
    const progress = { isDone: false };
    const writing = (async () => {
      for (let n = 1; n <= 200; n += 1) await write(scope, n);
      progress.isDone = true;
    })();
    const seen: unknown[][] = [];
    while (!progress.isDone) {
      const stream = open(reader, { scope, after });
      seen.push(numbers((await take(stream, 21)).slice(1)));
      await stream.return();
    }
    await writing;
    expect(seen.length).toBeGreaterThan(3);
    for (const items of seen) expect(items).toEqual(range(1, 20));
  });

  test('scopes, names and agents are kept apart, in the replay and live', async () => {
    const [conversationId, organizationId, agentId, otherAgentId] = [
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
    ];
    const workspace = randomUUID();
    const options: Pick<FeedOptions, 'scope' | 'names' | 'agentIds'>[] = [
      { scope: { conversationId }, names: ['MESSAGE_ADDED', 'HANDOFF_CHANGED'], agentIds: null },
      { scope: { organizationId }, names: ['MESSAGE_ADDED', 'HANDOFF_CHANGED'], agentIds: null },
      { scope: { organizationId }, names: ['HANDOFF_CHANGED'], agentIds: null },
      { scope: { organizationId }, names: ['MESSAGE_ADDED'], agentIds: [agentId] },
      { scope: { workspaceId: workspace }, names: ['MESSAGE_ADDED'], agentIds: null },
    ];
    const expected = [[1, 2], [1, 2, 3], [2], [1], [1, 3, 4]];
    const live = options.map((each) => open(reader, each));
    const cursors = await Promise.all(live.map(async (stream) => (await ready(stream)).cursor));
    const place = { workspaceId: workspace, organizationId, conversationId, agentId };
    await commitEvents(writer.source, place, 1);
    await commitEvents(writer.source, { ...place, name: 'HANDOFF_CHANGED' }, 2);
    await commitEvents(writer.source, { ...place, conversationId: randomUUID(), agentId: otherAgentId }, 3);
    await commitEvents(writer.source, { workspaceId: workspace }, 4);
    await commitEvents(writer.source, { workspaceId: randomUUID() }, 5);
    writer.dispatcher.kick();
    for (const [index, each] of options.entries()) {
      const numbersWanted = expected[index]!;
      expect(numbers(await take(live[index]!, numbersWanted.length))).toEqual(numbersWanted);
      const resumed = open(reader, { ...each, after: cursors[index]! });
      expect(await ready(resumed)).toMatchObject({ recovered: true, replayed: numbersWanted.length });
      expect(numbers(await take(resumed, numbersWanted.length))).toEqual(numbersWanted);
      await resumed.return();
    }
    // Whatever else was told to a live stream by mistake would be waiting in it now.
    for (const stream of live) expect(stream.size).toBe(0);
    for (const stream of live) await stream.return();
  });

  test('300 events behind are replayed, 301 are not', async () => {
    const scope = { conversationId: randomUUID() };
    const start = open(reader, { scope });
    const { cursor: after } = await ready(start);
    await start.return();
    await write(scope, 1, 300);
    await until('300 events in the log', async () => (await countOf(reader.source, scope.conversationId)) === 300);
    const full = open(reader, { scope, after });
    expect(await ready(full)).toMatchObject({ recovered: true, replayed: 300 });
    expect(numbers(await take(full, 300))).toEqual(range(1, 300));
    await full.return();

    await write(scope, 301);
    await until('301 events in the log', async () => (await countOf(reader.source, scope.conversationId)) === 301);
    const late = open(reader, { scope, after });
    const item = await ready(late);
    expect(item).toMatchObject({ recovered: false, replayed: 0 });
    expect(item.cursor).not.toBe(after);
    await write(scope, 302);
    expect(numbers(await take(late, 1))).toEqual([302]);
    await late.return();
  });

  test.each([
    ['malformed', () => 'no cursor'],
    ['of another log', () => encodeCursor(randomUUID(), 1)],
    ['ahead of the log', () => encodeCursor(reader.tail.logId, reader.tail.position + 1_000_000)],
  ])('a cursor that is %s: not recovered, nothing replayed, live from here', async (_name, make) => {
    const scope = { conversationId: randomUUID() };
    await write(scope, 1, 2);
    await until('events in the log', async () => (await countOf(reader.source, scope.conversationId)) === 2);
    const stream = open(reader, { scope, after: make() });
    expect(await ready(stream)).toMatchObject({ recovered: false, replayed: 0 });
    await write(scope, 3);
    expect(numbers(await take(stream, 1))).toEqual([3]);
    await stream.return();
  });
});
