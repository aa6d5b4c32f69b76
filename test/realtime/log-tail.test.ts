import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { dispatchOutbox } from '../../src/database/outbox';
import type { LoggedEvent } from '../../src/domain/events';
import { encodeCursor } from '../../src/realtime/cursor';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { countOf, numbers, open, ready, writeEvents } from './stream-support';
import { commitEvents, deafBus, range, startTestProcess, take, type TestProcess, until } from './support';

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

describe('log tail', () => {
  test('with every hint lost, events arrive by looking', async () => {
    const deaf = await startTestProcess({ databaseUrl: database.url, hints: deafBus, reconcileMs: 100 });
    const scope = { conversationId: randomUUID() };
    const stream = open(deaf, { scope });
    await ready(stream);
    await writeEvents(writer, { workspaceId, ...scope }, 1, 700);
    expect(numbers(await take(stream, 700))).toEqual(range(1, 700));
    // Counted once it is sure that no hint comes any more.
    await until('the loss is counted', () => deaf.tail.repaired === 700);
    await stream.return();
    await deaf.close();
  });

  test('what a hint tells of, however late, is no loss', async () => {
    const own = await startTestProcess({ databaseUrl: database.url, hints: deafBus, reconcileMs: 100 });
    await commitEvents(own.source, { workspaceId }, 1, 3);
    const { position } = await dispatchOutbox(own.source);
    // Its own dispatcher would tell it in this way.
    own.tail.advance(position);
    await own.tail.catchUp();
    await commitEvents(own.source, { workspaceId }, 4, 1);
    await dispatchOutbox(own.source);
    await until('the loss is counted', () => own.tail.repaired > 0);
    expect(own.tail.repaired).toBe(1);
    await own.close();
  });

  test('a forged hint about the future moves nothing', async () => {
    const before = reader.tail.position;
    reader.tail.advance(before + 5000);
    await reader.tail.catchUp();
    expect(reader.tail.position).toBeGreaterThanOrEqual(before);
    expect(reader.tail.position).toBeLessThan(before + 5000);
  });

  test('catchUp gives listeners everything that was in the log when it was called, however many call at once', async () => {
    const seen: LoggedEvent[] = [];
    const unsubscribe = reader.tail.subscribe((events) => seen.push(...events));
    for (const n of range(1, 20)) {
      const scope = { conversationId: randomUUID() };
      const early = reader.tail.catchUp();
      await commitEvents(writer.source, { workspaceId, ...scope }, n);
      await dispatchOutbox(writer.source);
      await Promise.all([early, reader.tail.catchUp(), reader.tail.catchUp()]);
      expect(seen.filter((event) => event.conversationId === scope.conversationId)).toHaveLength(1);
    }
    unsubscribe();
  });
});

describe('dispatcher', () => {
  test('what a dead process left in the outbox is found without a kick', async () => {
    const other = await startTestProcess({ databaseUrl: database.url, hints: deafBus, reconcileMs: 100 });
    const scope = { conversationId: randomUUID() };
    const stream = open(other, { scope });
    await ready(stream);
    await commitEvents(other.source, { workspaceId, ...scope }, 1, 3);
    other.dispatcher.start();
    expect(numbers(await take(stream, 3))).toEqual([1, 2, 3]);
    await commitEvents(other.source, { workspaceId, ...scope }, 4);
    expect(numbers(await take(stream, 1))).toEqual([4]);
    await stream.return();
    await other.close();
  });

  test('a database that fails is tried again, and kick never throws', async () => {
    const other = await startTestProcess({ databaseUrl: database.url, hints: deafBus, reconcileMs: 100 });
    const scope = { conversationId: randomUUID() };
    await commitEvents(other.source, { workspaceId, ...scope }, 1);
    await other.source.query('alter table outbox rename to outbox_away');
    other.dispatcher.kick();
    await until('report', () => other.log.errors().length > 0);
    await other.source.query('alter table outbox_away rename to outbox');
    await until('dispatched', async () => (await countOf(reader.source, scope.conversationId)) === 1);
    await other.close();
  });
});

describe('a log that is not the one it was', () => {
  let own: TestDatabase;
  let process: TestProcess;
  let admin: DataSource;
  const scope = { conversationId: randomUUID() };
  beforeEach(async () => {
    own = await createTestDatabase();
    process = await startTestProcess({ databaseUrl: own.url, reconcileMs: 50 });
    admin = createDataSource({ url: own.url, poolSize: 1, applicationName: 'baton-test' });
    await admin.initialize();
    await commitEvents(admin, { workspaceId, ...scope }, 1, 10);
    process.dispatcher.kick();
    await until('10 events', () => process.tail.position === 10);
  });
  afterEach(async () => {
    await admin.destroy();
    await process.close();
    await own.drop();
  });

  test.each([
    [
      'put back to an earlier state',
      'with gone as (delete from events where position > 4) update event_log set position = 4',
    ],
    ['another one', 'update event_log set log_id = gen_random_uuid()'],
    [
      'pruned beyond what was read',
      `with gone as (delete from events) update event_log set position = 20, pruned_position = 20`,
    ],
  ])('%s: streams end after their sockets were told, and old cursors are not recovered', async (_name, change) => {
    const old = encodeCursor(process.tail.logId, 10);
    const stream = open(process, { scope });
    await ready(stream);
    const order: string[] = [];
    process.hub.onReset(() => order.push('told'));
    const ended = stream.next().then((result) => order.push(result.done === true ? 'ended' : 'item'));
    await admin.query(change);
    await ended;
    expect(order).toEqual(['told', 'ended']);
    const resumed = open(process, { scope, after: old });
    expect(await ready(resumed)).toMatchObject({ recovered: false, replayed: 0 });
    await commitEvents(admin, { workspaceId, ...scope }, 99);
    process.dispatcher.kick();
    expect(numbers(await take(resumed, 1))).toEqual([99]);
    await resumed.return();
  });

  test('pruned behind a cursor: not recovered, although rows are left', async () => {
    await admin.query('with gone as (delete from events where position <= 5) update event_log set pruned_position = 5');
    const lost = open(process, { scope, after: encodeCursor(process.tail.logId, 4) });
    expect(await ready(lost)).toMatchObject({ recovered: false, replayed: 0 });
    const kept = open(process, { scope, after: encodeCursor(process.tail.logId, 5) });
    expect(await ready(kept)).toMatchObject({ recovered: true, replayed: 5 });
    expect(numbers(await take(kept, 5))).toEqual(range(6, 10));
    await lost.return();
    await kept.return();
  });

  test('with a hole: nothing behind it is told until it is filled, and it is reported', async () => {
    const stream = open(process, { scope });
    await ready(stream);
    const insert = `insert into events (position, name, workspace_id, conversation_id, subject_id, snapshot, occurred_at)
      select p, 'MESSAGE_ADDED', $1, $2, gen_random_uuid(), jsonb_build_object('n', p), now() from unnest($3::bigint[]) p`;
    await admin.transaction(async (manager) => {
      await manager.query(insert, [workspaceId, scope.conversationId, [11, 13, 14]]);
      await manager.query('update event_log set position = 14');
    });
    expect(numbers(await take(stream, 1))).toEqual([11]);
    await until('report', () => process.log.errors().length > 0);
    expect(process.tail.position).toBe(11);
    await admin.query(insert, [workspaceId, scope.conversationId, [12]]);
    expect(numbers(await take(stream, 3))).toEqual([12, 13, 14]);
    await stream.return();
  });
});
