import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { pruneEvents, registerConsumer } from '../../src/queries/event-consumer';
import { commitEvents } from '../realtime/support';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let server: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  server = await createTestDatabase();
  source = createDataSource({ url: server.url, poolSize: 4, applicationName: 'baton-test' });
  await source.initialize();
  await commitEvents(source, { workspaceId: newId() }, 1, 10);
  await dispatchOutbox(source);
  await source.query(`update events set occurred_at = now() - interval '8 days' where position <= 6`);
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

const prune = (limit = 100): Promise<number> => pruneEvents(source, { days: 7, limit });

async function log(): Promise<{ pruned: number; left: number[] }> {
  const [row] = await source.query<{ pruned: string }[]>('select pruned_position as pruned from event_log');
  const left = await source.query<{ position: string }[]>('select position from events order by position');
  return { pruned: Number(row!.pruned), left: left.map(({ position }) => Number(position)) };
}

async function consumedUpTo(position: number): Promise<void> {
  await registerConsumer(source, 'router');
  await source.query(`update event_consumers set position = $1 where name = 'router'`, [position]);
}

describe('pruneEvents', () => {
  // In this order: each continues where the one before it left the log.
  it('deletes nothing before a consumer exists, and nothing that it has not read', async () => {
    expect(await prune()).toBe(0);
    await consumedUpTo(0);
    expect(await prune()).toBe(0);
    await consumedUpTo(3);
    expect(await prune()).toBe(3);
    expect(await log()).toEqual({ pruned: 3, left: [4, 5, 6, 7, 8, 9, 10] });
  });

  it('deletes what is old, in pieces, and says how far in the log itself', async () => {
    await consumedUpTo(10);
    expect(await prune(2)).toBe(2);
    expect(await prune(2)).toBe(1);
    expect(await prune(2)).toBe(0);
    expect(await log()).toEqual({ pruned: 6, left: [7, 8, 9, 10] });
  });
});
