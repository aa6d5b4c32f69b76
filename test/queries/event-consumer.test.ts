import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/ids';
import { advanceConsumer, lockConsumer, pruneEvents, registerConsumer } from '../../src/queries/event-consumer';
import { readEventsAfter } from '../../src/queries/read-events';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
});
afterAll(() => database.close());

/** Ten events: six of a month ago, then four of now. */
async function tenEvents(): Promise<void> {
  await source.query('delete from events');
  await source.query('delete from event_consumers');
  await source.query(
    `insert into events (position, name, workspace_id, subject_id, occurred_at)
     select n, 'MESSAGE_ADDED', $1, gen_random_uuid(), case when n <= 6 then now() - interval '30 days' else now() end
     from generate_series(1, 10) n`,
    [newId()],
  );
  await source.query('update event_log set position = 10, pruned_position = 0');
}
const left = async (): Promise<[number, number[]]> => {
  const { prunedPosition, events } = await readEventsAfter(source.manager, 0, 100);
  return [prunedPosition, events.map(({ position }) => position)];
};

describe('a consumer of the log', () => {
  beforeEach(tenEvents);

  it('is locked by one process at a time, and keeps its position with the transaction that advances it', async () => {
    await registerConsumer(source, 'router');
    await registerConsumer(source, 'router');
    await source.transaction(async (manager) => {
      expect(await lockConsumer(manager, 'router')).toBe(0);
      expect(await source.transaction((other) => lockConsumer(other, 'router'))).toBeNull();
      await advanceConsumer(manager, 'router', 7);
    });
    const rolledBack = source.transaction(async (manager) => {
      expect(await lockConsumer(manager, 'router')).toBe(7);
      await advanceConsumer(manager, 'router', 9);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await source.transaction((manager) => lockConsumer(manager, 'router'))).toBe(7);
  });
});

describe('pruneEvents', () => {
  beforeEach(tenEvents);

  it('without any consumer deletes nothing: nobody has read', async () => {
    expect(await pruneEvents(source, { days: 7, limit: 100 })).toBe(0);
  });

  it('deletes what is old and read, and says how far the log is gone', async () => {
    await registerConsumer(source, 'router');
    await source.query('update event_consumers set position = 10');
    expect(await pruneEvents(source, { days: 7, limit: 4 })).toBe(4);
    expect(await left()).toEqual([4, [5, 6, 7, 8, 9, 10]]);
    expect(await pruneEvents(source, { days: 7, limit: 4 })).toBe(2);
    expect(await pruneEvents(source, { days: 7, limit: 4 })).toBe(0);
    expect(await left()).toEqual([6, [7, 8, 9, 10]]);
  });

  it('never deletes what the slowest consumer has not read', async () => {
    await source.query(`insert into event_consumers values ('router', 10), ('slow', 3)`);
    expect(await pruneEvents(source, { days: 7, limit: 100 })).toBe(3);
    expect(await left()).toEqual([3, [4, 5, 6, 7, 8, 9, 10]]);
  });
});
