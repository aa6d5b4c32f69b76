import { letDeliveriesBeDue } from '../../torture/history/read-final';
import { LEASE_SECONDS } from '../../src/workers/delivery-rows';
import { createDataSource } from '../../src/database/data-source';
import { newId } from '../../src/database/ids';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld } from '../support/world';

let server: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  server = await createTestDatabase();
  source = createDataSource({ url: server.url, poolSize: 2, applicationName: 'baton-test' });
  await source.initialize();
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

describe('what a run of torture does not wait for', () => {
  it.each([
    ['taken 2 s ago, by a worker that sends it now', 1, LEASE_SECONDS - 2, false],
    ['taken 20 s ago, by a worker that was lost', 1, LEASE_SECONDS - 20, true],
    ['that waits to be tried again', 3, 130, true],
    ['that is to leave for the first time', 0, 30, false],
    ['that is due', 1, -1, false],
  ])('a delivery %s', async (_what, attempts, seconds, isMoved) => {
    const { workspace, operator } = await createWorld(source);
    const [notificationId, id] = [newId(), newId()];
    await source.query(
      `insert into notifications (id, workspace_id, user_id, kind, subject_id, title, body)
       values ($1, $2, $3, 'TEST', $1, 'A test', '')`,
      [notificationId, workspace.id, operator.id],
    );
    await source.query(
      `insert into deliveries (id, workspace_id, notification_id, channel, attempts, due_at)
       values ($1, $2, $3, 'EMAIL', $4, now() + $5 * interval '1 second')`,
      [id, workspace.id, notificationId, attempts, seconds],
    );
    await letDeliveriesBeDue(server.url);
    const [row] = await source.query<{ attempts: number; wait: number }[]>(
      'select attempts, round(extract(epoch from due_at - now()))::int as wait from deliveries where id = $1',
      [id],
    );
    expect(row!.attempts).toBe(isMoved ? attempts + 1 : attempts);
    expect(row!.wait < -10).toBe(isMoved);
  });
});
