import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { writeOutbox } from '../../src/database/outbox';
import type { NewEvent } from '../../src/domain/events';
import { createDispatcher, type Dispatcher } from '../../src/realtime/dispatcher';
import { createHintBus } from '../../src/realtime/hint-bus';
import type { HintBus } from '../../src/realtime/hints';
import { createHub, type Hub } from '../../src/realtime/hub';
import type { Log } from '../../src/realtime/log';
import { createLogTail, type LogTail } from '../../src/realtime/log-tail';
import { StreamGroups } from '../../src/realtime/stream-groups';

/** Keeps what was logged, so that a test can say that nothing went wrong, or that something was reported. */
export class LogBook implements Log {
  readonly lines: { level: string; message: string; fields: object }[] = [];

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', message, fields });
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', message, fields });
  }

  errors(): string[] {
    return this.lines.filter((line) => line.level === 'error').map((line) => line.message);
  }
}

/** The realtime part of one process: its own pool, bus, tail, hub and groups. */
export interface TestProcess {
  readonly source: DataSource;
  readonly hints: HintBus;
  readonly tail: LogTail;
  readonly hub: Hub;
  readonly groups: StreamGroups;
  readonly dispatcher: Dispatcher;
  readonly log: LogBook;
  close(): Promise<void>;
}

export async function startTestProcess(options: {
  databaseUrl: string;
  redisUrl?: string | null;
  /** In place of a real bus. */
  hints?: HintBus;
  reconcileMs?: number;
}): Promise<TestProcess> {
  const { databaseUrl, redisUrl = null, reconcileMs = 2000 } = options;
  const log = new LogBook();
  const source = createDataSource({ url: databaseUrl, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
  const hints = options.hints ?? createHintBus({ databaseUrl, redisUrl, log });
  await hints.start();
  const tail = createLogTail({ source, hints, log, reconcileMs });
  await tail.start();
  const hub = createHub({ source, tail, hints, log });
  const groups = new StreamGroups(hub, log);
  const dispatcher = createDispatcher({ source, hints, tail, log });
  const close = async (): Promise<void> => {
    await dispatcher.stop();
    hub.stop();
    await tail.stop();
    await hints.stop();
    await source.destroy();
  };
  return { source, hints, tail, hub, groups, dispatcher, log, close };
}

/** A bus on which every hint is lost. */
export const deafBus: HintBus = {
  start: () => Promise.resolve(),
  publishLog: () => undefined,
  publishSignal: () => undefined,
  onLog: () => () => undefined,
  onSignal: () => () => undefined,
  onReconnect: () => () => undefined,
  stop: () => Promise.resolve(),
};

type Place = Partial<NewEvent> & { workspaceId: string };

/** Commits `count` events numbered from `first` in one transaction; `snapshot.n` is the number. Nobody is woken. */
export async function commitEvents(source: DataSource, place: Place, first: number, count = 1): Promise<void> {
  const events = Array.from({ length: count }, (_, index): NewEvent => {
    return {
      name: 'MESSAGE_ADDED',
      organizationId: null,
      agentId: null,
      conversationId: null,
      userId: null,
      subjectId: randomUUID(),
      snapshot: { n: first + index },
      ...place,
    };
  });
  await source.transaction((manager) => writeOutbox(manager, events));
}

/** Waits until it holds; the test's own time limit ends it, with the last value in the message. */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  timeoutMs = 30_000,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${timeoutMs} ms, last seen ${JSON.stringify(value)}`);
    await delay(10);
  }
}

/** Reads the next `count` items. */
export async function take<Item>(stream: AsyncIterableIterator<Item>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const result = await stream.next();
    if (result.done === true) throw new Error(`the stream ended after ${items.length} of ${count} items`);
    items.push(result.value);
  }
  return items;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The same dice in every run: a failure can be looked at again. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
