import type { DataSource } from 'typeorm';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { createDataSource } from '../../src/database/data-source';
import { registerConsumer } from '../../src/queries/event-consumer';
import { ROUTER } from '../../src/workers/route-events';
import { until } from '../realtime/support';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

let server: TestDatabase;
let inbox: SmtpInbox;
let source: DataSource;
let world: World;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  server = await createTestDatabase();
  inbox = await startSmtpInbox();
  source = createDataSource({ url: server.url, poolSize: 4, applicationName: 'baton-test' });
  await source.initialize();
  await registerConsumer(source, ROUTER);
  world = await createWorld(source);
  for (let count = 0; count < 2; count += 1) {
    const options = { databaseUrl: server.url, redisUrl: null, smtpUrl: inbox.url, graceSeconds: 0 };
    workers.push(await startWorkerProcess(options));
  }
});

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await inbox.stop();
  await source.destroy();
  await server.drop();
});

async function setQuietHours(from: number, to: number): Promise<void> {
  const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  await source.query(
    `insert into notification_settings (user_id, workspace_id, channels, events, quiet_hours, let_requests_through)
     values ($1, $2, '{EMAIL}', 'REQUESTS_ONLY', $3, false)
     on conflict (user_id) do update set quiet_hours = excluded.quiet_hours`,
    [world.operator.id, world.workspace.id, JSON.stringify({ start: clock(from), end: clock(to), timeZone: 'UTC' })],
  );
}

describe('what quiet hours hold', () => {
  it('leaves as one digest, by two processes and though every queue was emptied', async () => {
    await setQuietHours(-1, 2);
    const input = { conversationId: world.conversation.id, reason: 'Now', summary: null, controlEpoch: null };
    await requestHandoff(workers[0]!.database, world.visitor.principal, input);
    const held = (): Promise<unknown[]> =>
      source.query(
        `select from deliveries d join notifications n on n.id = d.notification_id
         where n.user_id = $1 and d.state = 'PENDING' and d.not_before > now()`,
        [world.operator.id],
      );
    await until('it is held', async () => (await held()).length === 1);
    await source.query('delete from bullmq.job');
    await setQuietHours(-5, -1);
    await source.query(
      `update deliveries set not_before = now(), due_at = now() where workspace_id = $1 and not_before is not null`,
      [world.workspace.id],
    );
    const mails = (): unknown[] => inbox.mails.filter(({ envelope }) => envelope.to.includes(world.operator.row.email));
    await until('the digest', () => mails().length === 1);
    const settled = (): Promise<{ kind: string; state: string }[]> =>
      source.query(
        `select n.kind, d.state from deliveries d join notifications n on n.id = d.notification_id
         where n.user_id = $1 order by n.kind`,
        [world.operator.id],
      );
    await until('its record', async () => (await settled())[0]?.state === 'SENT');
    expect(await settled()).toEqual([
      { kind: 'DIGEST', state: 'SENT' },
      { kind: 'HANDOFF_REQUESTED', state: 'SKIPPED' },
    ]);
    expect(workers.flatMap((worker) => worker.log.errors())).toEqual([]);
  });
});
