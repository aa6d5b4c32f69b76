import { randomUUID } from 'node:crypto';
import type { Render } from '../../src/realtime/backlog';
import { ViewerAsked } from '../../src/realtime/stream-groups';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { countOf, join, numbers, open, type OpenOptions, ready, renderPlainly, writeEvents } from './stream-support';
import { range, startTestProcess, take, type TestProcess, until } from './support';

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

describe('shared execution', () => {
  test('a reader that does not read is told once that it is too slow, others get everything, nothing is held', async () => {
    const scope = { conversationId: randomUUID() };
    let overflows = 0;
    const slow = join(reader, { scope, onOverflow: () => (overflows += 1) });
    const other = open(reader, { scope });
    const start = await ready(slow.items);
    await ready(other);
    slow.isBlocked = true;
    const following = take(other, 1200);
    for (let first = 1; first <= 1200; first += 100) await write(scope, first, 100);
    expect(numbers(await following)).toEqual(range(1, 1200));
    await until('overflow', () => overflows === 1);
    // One write had been made before it was known that the socket takes nothing.
    expect(slow.writes.length).toBeLessThanOrEqual(2);
    expect(reader.groups.counts.slowClosed).toBe(1);
    const resumed = open(reader, { scope, after: start.cursor });
    expect(await ready(resumed)).toMatchObject({ recovered: false });
    await resumed.return();
    await other.return();
    expect(reader.hub.events.of(`conversation:${scope.conversationId}`).size).toBe(0);
    expect(overflows).toBe(1);
  });

  test('a reader that takes nothing for a while gets the rest when it does, in fewer writes than events', async () => {
    const scope = { conversationId: randomUUID() };
    const slow = join(reader, { scope });
    await ready(slow.items);
    slow.isBlocked = true;
    await write(scope, 1);
    expect(numbers(await take(slow.items, 1))).toEqual([1]);
    await write(scope, 2, 500);
    await until('500 more in the log', async () => (await countOf(reader.source, scope.conversationId)) === 501);
    await reader.tail.catchUp();
    expect(slow.items.size).toBe(0);
    slow.unblock();
    expect(numbers(await take(slow.items, 500))).toEqual(range(2, 501));
    expect(slow.writes.length).toBeLessThan(30);
    await slow.items.return();
  });

  test('one execution for all members of a group; what comes together is written together', async () => {
    const scope = { conversationId: randomUUID() };
    const sinks = range(1, 40).map(() => join(reader, { scope }));
    await Promise.all(sinks.map((sink) => ready(sink.items)));
    const before = reader.groups.counts.executions;
    await write(scope, 1, 16);
    for (const sink of sinks) {
      expect(numbers(await take(sink.items, 16))).toEqual(range(1, 16));
      // READY, then everything of one commit.
      expect(sink.writes).toEqual([1, 16]);
    }
    expect(reader.groups.counts.executions - before).toBe(16);
    for (const sink of sinks) await sink.items.return();
    expect(reader.groups.size).toBe(0);
    expect(reader.groups.memberCount).toBe(0);
  });

  test('those who resume one after the other share what was read for the first', async () => {
    const scope = { conversationId: randomUUID() };
    const first = open(reader, { scope });
    const { cursor: after } = await ready(first);
    await write(scope, 1, 50);
    await take(first, 50);
    await first.return();
    const before = reader.groups.counts.executions;
    const back = range(1, 20).map(() => open(reader, { scope, after }));
    for (const stream of back) {
      expect(await ready(stream)).toMatchObject({ recovered: true, replayed: 50 });
      expect(numbers(await take(stream, 50))).toEqual(range(1, 50));
    }
    expect(reader.groups.counts.executions - before).toBe(50);
    for (const stream of back) await stream.return();
  });

  /** Events whose number is even look different to each viewer; nobody knows before it is tried. */
  function viewings(conversationId: string) {
    const known = { isPersonal: false, renders: [] as string[] };
    const of = (viewer: string): OpenOptions['viewing'] => ({
      isPersonal: () => known.isPersonal,
      becomePersonal: () => {
        known.isPersonal = true;
      },
      keyOf: (isPersonal) => `${conversationId} ${isPersonal ? viewer : 'all'}`,
      renderFor:
        (isPersonal): Render =>
        (items) => {
          const asks = items.some((item) => item.kind === 'EVENT' && Number(item.event.snapshot?.n) % 2 === 0);
          if (asks && !isPersonal) return Promise.reject(new ViewerAsked('asked'));
          known.renders.push(isPersonal ? viewer : 'all');
          return renderPlainly(
            items.map((item) =>
              isPersonal && item.kind === 'EVENT'
                ? { ...item, event: { ...item.event, snapshot: { n: `${viewer} ${String(item.event.snapshot?.n)}` } } }
                : item,
            ),
          );
        },
    });
    return { known, of };
  }

  test('an event that depends on who is looking: from it on each viewer has a group of its own, without a gap', async () => {
    const scope = { conversationId: randomUUID() };
    const { of } = viewings(scope.conversationId);
    const ada = [open(reader, { scope, viewing: of('ada') }), open(reader, { scope, viewing: of('ada') })];
    const bob = join(reader, { scope, viewing: of('bob') });
    for (const stream of [...ada, bob.items]) await ready(stream);
    expect(reader.groups.size).toBe(1);
    bob.isBlocked = true;
    await write(scope, 1);
    for (const stream of ada) expect(numbers(await take(stream, 1))).toEqual([1]);
    await write(scope, 3);
    for (const stream of ada) expect(numbers(await take(stream, 1))).toEqual([3]);
    await write(scope, 4);
    await write(scope, 5);
    for (const stream of ada) expect(numbers(await take(stream, 2))).toEqual(['ada 4', 'ada 5']);
    expect(reader.groups.size).toBe(2);
    // What was rendered for all is still his; he had got the first before his socket was known to be slow.
    bob.unblock();
    expect(numbers(await take(bob.items, 4))).toEqual([1, 3, 'bob 4', 'bob 5']);
    for (const stream of [...ada, bob.items]) await stream.return();
    expect(reader.groups.size).toBe(0);
  });

  test('a viewer who resumes over such an event gets its own', async () => {
    const scope = { conversationId: randomUUID() };
    const first = open(reader, { scope });
    const { cursor: after } = await ready(first);
    await write(scope, 1, 4);
    await take(first, 4);
    const { of } = viewings(scope.conversationId);
    const eve = open(reader, { scope, after, viewing: of('eve') });
    expect(await ready(eve)).toMatchObject({ recovered: true, replayed: 4 });
    expect(numbers(await take(eve, 4))).toEqual(['eve 1', 'eve 2', 'eve 3', 'eve 4']);
    await eve.return();
    await first.return();
  });

  test('events that cannot be rendered end the sockets, which resume; a later one is rendered again', async () => {
    const scope = { conversationId: randomUUID() };
    const fault = { isThere: false };
    const viewing: OpenOptions['viewing'] = {
      renderFor: () => (items) => (fault.isThere ? Promise.reject(new Error('no')) : renderPlainly(items)),
    };
    const sink = join(reader, { scope, viewing });
    const { cursor: after } = await ready(sink.items);
    fault.isThere = true;
    await write(scope, 1);
    await until('the end', () => sink.hasFailed);
    fault.isThere = false;
    const again = open(reader, { scope, viewing, after });
    expect(await ready(again)).toMatchObject({ recovered: true, replayed: 1 });
    expect(numbers(await take(again, 1))).toEqual([1]);
    await again.return();
    expect(reader.log.errors().length).toBe(1);
    reader.log.lines.length = 0;
  });

  test('who leaves is gone at once: after READY, and while it joins', async () => {
    const scope = { conversationId: randomUUID() };
    const key = `conversation:${scope.conversationId}`;
    let watching = 0;
    const begin = (): (() => void) => {
      watching += 1;
      return () => (watching -= 1);
    };
    const member = join(reader, { scope, begin });
    await ready(member.items);
    expect([watching, reader.hub.events.of(key).size]).toEqual([1, 1]);
    await member.items.return();
    expect([watching, reader.hub.events.of(key).size]).toEqual([0, 0]);

    const joining = join(reader, { scope, begin });
    expect(watching).toBe(1);
    await joining.items.return();
    expect(watching).toBe(0);
    await until('the group to close', () => reader.hub.events.of(key).size === 0);
    await write(scope, 1);
    await reader.tail.catchUp();
    expect(joining.writes).toEqual([]);
  });
});
