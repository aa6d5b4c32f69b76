import { setImmediate as turn } from 'node:timers/promises';
import { Member, type MemberSink } from '../../src/realtime/member';
import { Members } from '../../src/realtime/members';
import { type LogEntry, SharedLog } from '../../src/realtime/shared-log';
import { newStreamCounts } from '../../src/realtime/stream-counts';
import { Sweep } from '../../src/realtime/sweep';
import { range, until } from './support';

const RUN_BYTES = 64 * 1024;

/** A socket that takes what it is given, or holds it. */
class FakeSink implements MemberSink {
  isOpen = true;
  isBlocked = false;
  isStalled = false;
  closedAs: string | null = null;
  readonly writes: Buffer[] = [];
  private readonly listeners: (() => void)[] = [];

  write(frames: Buffer): void {
    // The kernel has a copy of what it took; what is still underway is the very buffer.
    this.writes.push(this.isStalled ? frames : Buffer.from(frames));
    this.isBlocked = this.isStalled;
  }

  onceWritable(listener: () => void): void {
    this.listeners.push(listener);
  }

  goOn(): void {
    this.isStalled = false;
    this.isBlocked = false;
    for (const listener of this.listeners.splice(0)) listener();
  }

  tooSlow(): void {
    this.isOpen = false;
    this.closedAs = '4008';
  }

  failed(): void {
    this.closedAs = '1013';
  }

  end(): void {
    this.closedAs = 'complete';
  }

  /** The numbers of the events that it was given, in order. */
  get events(): number[] {
    const text = Buffer.concat(this.writes).toString('latin1');
    return [...text.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
  }

  get bytes(): number {
    return this.writes.reduce((sum, { length }) => sum + length, 0);
  }
}

/** The operation ids in what was written to a socket. */
function idsIn({ writes }: FakeSink): (string | undefined)[] {
  return [
    ...Buffer.concat(writes)
      .toString('latin1')
      .matchAll(/"id":"(\d+)"/g),
  ].map(([, id]) => id);
}

function group(count: number, isSending = false) {
  const log = new SharedLog(0);
  const fail = (error: unknown): never => {
    throw error;
  };
  const sweep = new Sweep(fail, () => isSending);
  const members = new Members(log, sweep, newStreamCounts());
  const joined = range(1, count).map((number) => {
    const sink = new FakeSink();
    const member = new Member(sink, `"${number}"`.padEnd(6));
    members.add(member, log.end);
    member.state = 'LIVE';
    return { sink, member };
  });
  const append = (n: number, bytes = 500): void => {
    const payload = Buffer.from(JSON.stringify({ n, text: 'x'.repeat(bytes) }));
    const entry: LogEntry = { position: n, conversationId: null, payload, isLast: false };
    log.append(entry);
    members.wake();
  };
  return { log, members, joined, append, sinks: joined.map(({ sink }) => sink) };
}

/** So many that whatever had its time over has been written. */
async function turns(): Promise<void> {
  for (let count = 0; count < 100; count += 1) await turn();
}

test('while more is being sent, events that come one shortly after the other reach each of many members in one write', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'queueMicrotask'] });
  const { sinks, append } = group(1000, true);
  for (const n of range(1, 16)) {
    append(n);
    await turn();
  }
  expect(sinks.every(({ writes }) => writes.length === 0)).toBe(true);
  jest.runOnlyPendingTimers();
  jest.useRealTimers();
  await until('all', () => sinks.every(({ events }) => events.length === 16));
  for (const { writes, events } of sinks) {
    expect(events).toEqual(range(1, 16));
    expect(writes).toHaveLength(1);
  }
});

test('while more is being sent, a group is left alone for four times as long as a pass over it takes', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const { sinks, append } = group(100, true);
  append(1);
  jest.advanceTimersByTime(7);
  await turns();
  expect(sinks.every(({ writes }) => writes.length === 0)).toBe(true);
  jest.advanceTimersByTime(1);
  await turns();
  expect(sinks.every(({ events }) => events.length === 1)).toBe(true);
  jest.useRealTimers();
});

test('an event that nobody expects is told at once, and what follows it shortly after in one write', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const { sinks, append } = group(1000);
  append(1);
  await turns();
  expect(sinks.every(({ events }) => events.length === 1)).toBe(true);
  for (const n of [2, 3]) {
    append(n);
    await turn();
  }
  expect(sinks.every(({ writes }) => writes.length === 1)).toBe(true);
  // As long as a pass over a thousand takes.
  jest.advanceTimersByTime(20);
  await turns();
  expect(sinks.every(({ events }) => events.length === 3)).toBe(true);
  expect(sinks.every(({ writes }) => writes.length === 2)).toBe(true);
  jest.advanceTimersByTime(20);
  append(4);
  await turns();
  expect(sinks.every(({ events }) => events.length === 4)).toBe(true);
  jest.useRealTimers();
});

test('what comes while others are being written to is neither lost nor told twice', async () => {
  const { sinks, append } = group(500);
  for (const n of range(1, 40)) {
    append(n);
    for (let turns = 0; turns < n; turns += 1) await turn();
  }
  await until('all', () => sinks.every(({ events }) => events.length >= 40));
  for (const { events } of sinks) expect(events).toEqual(range(1, 40));
});

test('a member whose socket takes more while the others are visited gets the rest, though nothing new comes', async () => {
  const { sinks, append, members, log } = group(200);
  const [first] = sinks;
  first!.isStalled = true;
  append(1);
  await until('the first', () => sinks.every(({ events }) => events.length === 1));
  append(2);
  // A slice that ends in the middle: the stalled one has been passed over.
  let asked = 0;
  expect(members.advance(() => (asked += 1) > 2)).toBe('TIME_OVER');
  first!.goOn();
  await until('the second', () => first!.events.length === 2);
  expect(sinks.every(({ events }) => events.join() === '1,2')).toBe(true);
  expect(log.end).toBe(2);
});

test('frames that have not left yet keep the operation id of their member, whoever is written to after it', async () => {
  const { sinks, append } = group(6);
  for (const sink of sinks.slice(1, 4)) sink.isStalled = true;
  append(1);
  append(2);
  await until('all', () => sinks.every(({ events }) => events.length === 2));
  expect(sinks.map(idsIn)).toEqual(range(1, 6).map((id) => [`${id}`, `${id}`]));
});

test('200 stalled sockets hold one run of frames each, are closed when they are too far behind, and the others get everything', async () => {
  const { sinks, joined, append, log, members } = group(220);
  const stalled = sinks.slice(0, 200);
  const others = sinks.slice(200);
  for (const sink of stalled) sink.isStalled = true;
  let most = 0;
  for (const n of range(1, 3000)) {
    append(n);
    most = Math.max(most, log.bytes);
    if (n % 200 === 0) await until('the others', () => others.every((sink) => lastOf(sink) === n));
  }
  for (const sink of others) expect(sink.events).toEqual(range(1, 3000));
  for (const sink of stalled) {
    expect(sink.bytes).toBeLessThan(RUN_BYTES + 1000);
    expect(sink.events).toEqual(range(1, sink.events.length));
    expect(sink.closedAs).toBe('4008');
  }
  expect(joined.slice(0, 200).every(({ member }) => member.hasEnded())).toBe(true);
  expect([members.size, others.every(({ closedAs }) => closedAs === null)]).toEqual([20, true]);
  // The log is one for all of them: 1000 events that the slow ones still need, and what came until the next pass.
  expect(most).toBeLessThan(1300 * 600);
  // What a client that comes back asks for is not further away than what is kept.
  expect(log.end - log.start).toBeLessThanOrEqual(600);
});

function lastOf({ writes }: FakeSink): number {
  const last = writes.at(-1)?.toString('latin1') ?? '';
  return Number([...last.matchAll(/"n":(\d+)/g)].at(-1)?.[1]);
}
