import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { createDispatcher, type Dispatcher } from '../../src/realtime/dispatcher';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { commitEvents, LogBook, until } from './support';

const HOUR_MS = 3_600_000;
const workspaceId = randomUUID();

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  source = createDataSource({ url: database.url, poolSize: 3, applicationName: 'baton-test' });
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

/** Positions that a dispatcher's runs have told of, one for each run that moved anything. */
function dispatcherWith(restMs: number): { dispatcher: Dispatcher; told: number[]; log: LogBook } {
  const told: number[] = [];
  const log = new LogBook();
  const hints = { publishLog: (position: number): void => void told.push(position) };
  return { dispatcher: createDispatcher({ source, hints, tail: null, log, intervalMs: HOUR_MS, restMs }), told, log };
}

describe('dispatcher', () => {
  test('what is committed while it rests is moved by one run', async () => {
    const { dispatcher, told, log } = dispatcherWith(500);
    await commitEvents(source, { workspaceId }, 1);
    dispatcher.kick();
    await until('the first is moved at once', () => told.length === 1);
    for (const first of [2, 3, 4]) {
      await commitEvents(source, { workspaceId }, first);
      dispatcher.kick();
      // Long enough for a run, were there no rest.
      await delay(50);
    }
    expect(dispatcher.isBusy).toBe(true);
    await until('the others are moved', () => told.length > 1 && !dispatcher.isBusy);
    const [one = 0] = told;
    expect(told).toEqual([one, one + 3]);
    expect(log.errors()).toEqual([]);
    await dispatcher.stop();
  });

  test('while it rests with nothing to move it is not busy, and stopping waits for no rest', async () => {
    const { dispatcher, told } = dispatcherWith(HOUR_MS);
    await commitEvents(source, { workspaceId }, 5);
    dispatcher.kick();
    await until('it is moved', () => told.length === 1 && !dispatcher.isBusy);
    await dispatcher.stop();
  });

  test('stopping moves what was kicked for during the rest', async () => {
    const { dispatcher, told } = dispatcherWith(HOUR_MS);
    await commitEvents(source, { workspaceId }, 6);
    dispatcher.kick();
    await until('the first is moved', () => told.length === 1 && !dispatcher.isBusy);
    await commitEvents(source, { workspaceId }, 7);
    dispatcher.kick();
    await dispatcher.stop();
    expect(told).toHaveLength(2);
  });
});
