import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { dispatchOutbox } from '../../src/database/outbox';
import type { LoggedEvent } from '../../src/domain/events';
import { decodeCursor, encodeCursor } from '../../src/realtime/cursor';
import { type EventStreamOptions, openEventStream, type StreamItem } from '../../src/realtime/event-stream';
import { openLiveStream } from '../../src/realtime/live-stream';
import { openSignalStream } from '../../src/realtime/signal-stream';
import type { Signal } from '../../src/realtime/signals';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
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

function open(process: TestProcess, options: Partial<EventStreamOptions> & Pick<EventStreamOptions, 'scope'>) {
  const onOverflow = () => {
    throw new Error('unexpected overflow');
  };
  return openEventStream(process.hub, {
    names: ['MESSAGE_ADDED'],
    agentIds: null,
    after: null,
    onOverflow,
    ...options,
  });
}

async function write(place: { conversationId: string }, first: number, count = 1): Promise<void> {
  await commitEvents(writer.source, { workspaceId, ...place }, first, count);
  writer.dispatcher.kick();
}

function numbers(items: readonly StreamItem[]): unknown[] {
  return items.map((item) => (item.kind === 'EVENT' ? item.event.snapshot?.n : item.kind));
}

/** A stream at its first item; the cursor is where it begins. */
async function ready(stream: AsyncIterableIterator<StreamItem>) {
  const [item] = await take(stream, 1);
  if (item?.kind !== 'READY') throw new Error('the first item was not READY');
  return item;
}

describe('cursor', () => {
  const logId = randomUUID();
  const good = encodeCursor(logId, 7);

  test.each([
    ['empty', ''],
    ['a number', '7'],
    ['padded', `${good}==`],
    ['one character short', good.slice(0, -1)],
    ['one character long', `${good}A`],
    ['of another alphabet', `+${good.slice(1)}`],
    ['with unused bits set', good.slice(0, -1) + String.fromCharCode(good.charCodeAt(17) + 1)],
    [
      'of another version',
      Buffer.concat([Buffer.from([2]), Buffer.from(good, 'base64url').subarray(1)]).toString('base64url'),
    ],
    [
      'with a position that no number holds',
      Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.alloc(8, 255)]).toString('base64url'),
    ],
    ['with NUL', '\0'.repeat(18)],
  ])('decodeCursor refuses one that is %s', (_name, cursor) => {
    expect(decodeCursor(cursor)).toBeNull();
  });

  test.each([0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER])('place %d survives encoding', (position) => {
    expect(decodeCursor(encodeCursor(logId, position))).toEqual({ log: logId.slice(0, 8), position });
  });
});

describe('event stream', () => {
  test('events committed in one process arrive in another by hints, in order', async () => {
    const scope = { conversationId: randomUUID() };
    const stream = open(reader, { scope });
    expect(await ready(stream)).toMatchObject({ recovered: false, replayed: 0 });
    await write(scope, 1, 3);
    await write(scope, 4, 2);
    expect(numbers(await take(stream, 5))).toEqual(range(1, 5));
    await stream.return?.();
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
    await stream.return?.();
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
      await stream.return?.();
    }
    await first.return?.();
  });

  test('streams that open while a writer goes on: no gap and no double between replay and live', async () => {
    const scope = { conversationId: randomUUID() };
    const begin = open(reader, { scope });
    const { cursor: after } = await ready(begin);
    await begin.return?.();
    let isDone = false;
    const writing = (async () => {
      for (let n = 1; n <= 200; n += 1) await write(scope, n);
      isDone = true;
    })();
    const seen: unknown[][] = [];
    while (!isDone) {
      const stream = open(reader, { scope, after });
      seen.push(numbers((await take(stream, 21)).slice(1)));
      await stream.return?.();
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
    const options: Pick<EventStreamOptions, 'scope' | 'names' | 'agentIds'>[] = [
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
      await resumed.return?.();
    }
    // Whatever else was told to a live stream by mistake would be waiting in it now.
    for (const stream of live) expect((stream as unknown as { size: number }).size).toBe(0);
    for (const stream of live) await stream.return?.();
  });

  test('300 events behind are replayed, 301 are not', async () => {
    const scope = { conversationId: randomUUID() };
    const start = open(reader, { scope });
    const { cursor: after } = await ready(start);
    await start.return?.();
    await write(scope, 1, 300);
    await until('300 events in the log', async () => (await countOf(scope.conversationId)) === 300);
    const full = open(reader, { scope, after });
    expect(await ready(full)).toMatchObject({ recovered: true, replayed: 300 });
    expect(numbers(await take(full, 300))).toEqual(range(1, 300));
    await full.return?.();

    await write(scope, 301);
    await until('301 events in the log', async () => (await countOf(scope.conversationId)) === 301);
    const late = open(reader, { scope, after });
    const item = await ready(late);
    expect(item).toMatchObject({ recovered: false, replayed: 0 });
    expect(item.cursor).not.toBe(after);
    await write(scope, 302);
    expect(numbers(await take(late, 1))).toEqual([302]);
    await late.return?.();
  });

  test.each([
    ['malformed', () => 'no cursor'],
    ['of another log', () => encodeCursor(randomUUID(), 1)],
    ['ahead of the log', () => encodeCursor(reader.tail.logId, reader.tail.position + 1_000_000)],
  ])('a cursor that is %s: not recovered, nothing replayed, live from here', async (_name, make) => {
    const scope = { conversationId: randomUUID() };
    await write(scope, 1, 2);
    await until('events in the log', async () => (await countOf(scope.conversationId)) === 2);
    const stream = open(reader, { scope, after: make() });
    expect(await ready(stream)).toMatchObject({ recovered: false, replayed: 0 });
    await write(scope, 3);
    expect(numbers(await take(stream, 1))).toEqual([3]);
    await stream.return?.();
  });

  test('a reader that does not read: overflow is told once, the stream ends, and nothing is held', async () => {
    const scope = { conversationId: randomUUID() };
    let overflows = 0;
    const stream = open(reader, { scope, onOverflow: () => (overflows += 1) });
    const start = await ready(stream);
    await write(scope, 1, 1200);
    await until('overflow', () => overflows === 1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(reader.hub.events.of(`conversation:${scope.conversationId}`).size).toBe(0);
    const resumed = open(reader, { scope, after: start.cursor });
    expect(await ready(resumed)).toMatchObject({ recovered: false });
    await resumed.return?.();
    expect(overflows).toBe(1);
  });

  test('return ends a stream at once: before the first next, while next waits, and while it opens', async () => {
    const scope = { conversationId: randomUUID() };
    const key = `conversation:${scope.conversationId}`;
    const end = { done: true, value: undefined };

    const untouched = open(reader, { scope });
    expect(reader.hub.events.of(key).size).toBe(0);
    expect(await untouched.return?.()).toEqual(end);
    expect(await untouched.next()).toEqual(end);

    const waiting = open(reader, { scope });
    await ready(waiting);
    const pending = waiting.next();
    expect(reader.hub.events.of(key).size).toBe(1);
    await waiting.return?.();
    expect(await pending).toEqual(end);
    expect(reader.hub.events.of(key).size).toBe(0);

    const opening = open(reader, { scope });
    const first = opening.next();
    await opening.return?.();
    expect(await first).toEqual(end);
    await reader.tail.catchUp();
    expect(reader.hub.events.of(key).size).toBe(0);

    const thrown = open(reader, { scope });
    await ready(thrown);
    await expect(thrown.throw?.(new Error('mine'))).rejects.toThrow('mine');
    expect(reader.hub.events.of(key).size).toBe(0);

    const aborted = new AbortController();
    const abortable = open(reader, { scope, signal: aborted.signal });
    await ready(abortable);
    aborted.abort();
    expect(await abortable.next()).toEqual(end);
    expect(reader.hub.events.of(key).size).toBe(0);
  });
});

describe('log tail', () => {
  test('with every hint lost, events arrive by looking', async () => {
    const deaf = await startTestProcess({ databaseUrl: database.url, hints: deafBus, reconcileMs: 100 });
    const scope = { conversationId: randomUUID() };
    const stream = open(deaf, { scope });
    await ready(stream);
    await write(scope, 1, 700);
    expect(numbers(await take(stream, 700))).toEqual(range(1, 700));
    await stream.return?.();
    await deaf.close();
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
    await stream.return?.();
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
    await until('dispatched', async () => (await countOf(scope.conversationId)) === 1);
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
    await resumed.return?.();
  });

  test('pruned behind a cursor: not recovered, although rows are left', async () => {
    await admin.query('with gone as (delete from events where position <= 5) update event_log set pruned_position = 5');
    const lost = open(process, { scope, after: encodeCursor(process.tail.logId, 4) });
    expect(await ready(lost)).toMatchObject({ recovered: false, replayed: 0 });
    const kept = open(process, { scope, after: encodeCursor(process.tail.logId, 5) });
    expect(await ready(kept)).toMatchObject({ recovered: true, replayed: 5 });
    expect(numbers(await take(kept, 5))).toEqual(range(6, 10));
    await lost.return?.();
    await kept.return?.();
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
    await stream.return?.();
  });
});

describe('live stream', () => {
  test('what waits comes first, an event about the same subject is left out, others follow', async () => {
    const [userId, waiting] = [randomUUID(), randomUUID()];
    const place = { workspaceId, userId, name: 'NOTIFICATION_ADDED' as const };
    const stream = openLiveStream(reader.hub, {
      match: { userId },
      names: ['NOTIFICATION_ADDED'],
      onOverflow: () => undefined,
      initial: async () => {
        // Comes as an event too, before and after this read has ended.
        await commitEvents(writer.source, { ...place, subjectId: waiting }, 1);
        writer.dispatcher.kick();
        return [{ subjectId: waiting, snapshot: { n: 1 } }];
      },
    });
    expect(await take(stream, 1)).toEqual([{ subjectId: waiting, snapshot: { n: 1 } }]);
    await commitEvents(writer.source, { ...place, name: 'DELIVERY_ADDED' }, 2);
    await commitEvents(writer.source, { ...place, userId: randomUUID() }, 3);
    await commitEvents(writer.source, place, 4);
    writer.dispatcher.kick();
    expect((await take(stream, 1)).map((item) => item.snapshot?.n)).toEqual([4]);
    await stream.return?.();
    expect(reader.hub.events.of(`user:${userId}`).size).toBe(0);
  });
});

describe('signal stream', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(writer.source);
  });

  function openSignals(accept: (signal: Signal) => Promise<boolean> | boolean = () => true) {
    const { conversation, visitor } = world;
    return openSignalStream(reader.hub, {
      conversationId: conversation.id,
      visitorId: visitor.id,
      operatorId: null,
      accept,
    });
  }

  function typing(n: number): Signal {
    const expiresAt = new Date(n).toISOString();
    const { conversation, visitor } = world;
    return {
      kind: 'TYPING',
      conversationId: conversation.id,
      actorKind: 'VISITOR',
      actorId: visitor.id,
      isTyping: true,
      expiresAt,
    };
  }

  function presence(actorKind: 'USER' | 'VISITOR', actorId: string): Signal {
    return {
      kind: 'PRESENCE',
      workspaceId: world.workspace.id,
      actorKind,
      actorId,
      status: 'ONLINE',
      lastActiveAt: null,
    };
  }

  function delta(controlEpoch: number, text: string): Signal {
    return { kind: 'REPLY_DELTA', conversationId: world.conversation.id, turnId: randomUUID(), controlEpoch, text };
  }

  async function signalOf(next: Promise<IteratorResult<Signal>>): Promise<Signal> {
    return (await next).value as Signal;
  }

  test('typing of this conversation arrives and that of another does not; accept has the last word', async () => {
    const stream = openSignals(async (signal) => signal.kind !== 'TYPING' || signal.isTyping);
    const next = stream.next();
    writer.hints.publishSignal({ ...typing(1), conversationId: randomUUID() } as Signal);
    writer.hints.publishSignal({ ...typing(2), isTyping: false } as Signal);
    writer.hints.publishSignal(typing(3));
    expect(await next).toEqual({ done: false, value: typing(3) });
    await stream.return?.();
    expect(reader.hub.signals.size).toBe(0);
  });

  test('presence of the visitor arrives, and of the operator from the moment they have the conversation', async () => {
    const stream = openSignals();
    const { operator, secondOperator, conversation, visitor } = world;
    const next = stream.next();
    writer.hints.publishSignal(presence('USER', operator.id));
    writer.hints.publishSignal(presence('VISITOR', visitor.id));
    expect(await signalOf(next)).toMatchObject({ kind: 'PRESENCE', actorId: visitor.id });
    const changed = {
      workspaceId: conversation.workspaceId,
      conversationId: conversation.id,
      name: 'CONVERSATION_CHANGED' as const,
    };
    await commitEvents(writer.source, { ...changed, snapshot: { operatorId: operator.id } }, 1);
    writer.dispatcher.kick();
    await until('operator followed', () => reader.hub.signals.of(`actor:${operator.id}`).size === 1);
    writer.hints.publishSignal(presence('USER', secondOperator.id));
    writer.hints.publishSignal(presence('USER', operator.id));
    expect(await signalOf(stream.next())).toMatchObject({ actorId: operator.id });
    await stream.return?.();
    expect(reader.hub.signals.size).toBe(0);
  });

  test('a delta of an epoch that is over, or of a conversation that a person has, is dropped', async () => {
    const stream = openSignals();
    const next = stream.next();
    writer.hints.publishSignal(delta(1, 'now'));
    expect(await signalOf(next)).toMatchObject({ text: 'now' });
    const set = (values: string) =>
      writer.source.query(`update conversations set ${values} where id = $1`, [world.conversation.id]);

    await set(
      `controller = 'HUMAN', control_epoch = 2, operator_id = '${world.operator.id}', handoff_state = 'ACCEPTED'`,
    );
    const then = stream.next();
    writer.hints.publishSignal(delta(1, 'late'));
    writer.hints.publishSignal(delta(2, 'while a person has it'));
    writer.hints.publishSignal(typing(9));
    expect(await signalOf(then)).toMatchObject({ kind: 'TYPING' });

    await set(`controller = 'AI', control_epoch = 3, operator_id = null, handoff_state = 'RETURNED'`);
    writer.hints.publishSignal(delta(1, 'very late'));
    writer.hints.publishSignal(delta(3, 'again'));
    expect(await signalOf(stream.next())).toMatchObject({ text: 'again' });
    await stream.return?.();
    await set('control_epoch = 1');
  });

  test('pieces of a reply arrive in order and are asked about together', async () => {
    const stream = openSignals();
    const next = stream.next();
    const query = jest.spyOn(reader.source, 'query');
    for (const n of range(1, 60)) writer.hints.publishSignal(delta(1, `${n} `));
    const rest = await take(stream, 59);
    const texts = [await signalOf(next), ...rest].map((signal) => (signal.kind === 'REPLY_DELTA' ? signal.text : ''));
    expect(texts).toEqual(range(1, 60).map((n) => `${n} `));
    expect(query.mock.calls.length).toBeLessThan(60);
    query.mockRestore();
    await stream.return?.();
  });

  test('a reader that does not read keeps the newest 100', async () => {
    const stream = openSignals();
    const first = stream.next();
    for (const n of range(1, 300)) writer.hints.publishSignal(typing(n));
    expect(await signalOf(first)).toEqual(typing(1));
    let last: Signal | null = null;
    const stopListening = reader.hints.onSignal((signal) => (last = signal));
    writer.hints.publishSignal(typing(301));
    await until('the last signal', () => last?.kind === 'TYPING' && last.expiresAt === new Date(301).toISOString());
    stopListening();
    expect(await take(stream, 100)).toEqual(range(202, 301).map(typing));
    await stream.return?.();
  });
});

async function countOf(conversationId: string): Promise<number> {
  const [row] = await reader.source.query('select count(*)::int as count from events where conversation_id = $1', [
    conversationId,
  ]);
  return row.count;
}
