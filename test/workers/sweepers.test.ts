import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { responderSecretPlace } from '../../src/domain/secrets';
import { registerConsumer } from '../../src/queries/event-consumer';
import { ROUTER } from '../../src/workers/route-events';
import { queueBackEnds } from '../jobs/back-ends';
import { until } from '../realtime/support';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { testSecrets } from '../support/secrets';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestRedis, type TestRedis } from '../support/test-redis';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server';
import { createWorld, type World } from '../support/world';
import { startWorkerProcess, type WorkerProcess, type WorkerProcessOptions } from './worker-process';

/** Redis is emptied here: one of its own. */
describe.each(queueBackEnds(0))('what no job will do, with queues on $name', ({ name }) => {
  let server: TestDatabase;
  let redis: TestRedis | null = null;
  let inbox: SmtpInbox;
  let source: DataSource;
  /** Of an API process: it commits, and no worker hears of it. */
  let database: Database;
  let world: World;
  const workers: WorkerProcess[] = [];
  let webhook: WebhookServer | null = null;

  beforeAll(async () => {
    server = await createTestDatabase();
    if (name === 'Redis') redis = await startTestRedis();
    inbox = await startSmtpInbox();
    source = createDataSource({ url: server.url, poolSize: 4, applicationName: 'baton-test' });
    await source.initialize();
    database = { source, afterCommit: () => undefined };
    await registerConsumer(source, ROUTER);
  });

  beforeEach(async () => {
    world = await createWorld(source, { agent: { responderKind: 'SCRIPTED' } });
  });

  afterEach(async () => {
    await webhook?.close();
    webhook = null;
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  });

  afterAll(async () => {
    await inbox.stop();
    await source.destroy();
    await server.drop();
    await redis?.stop();
  });

  async function startWorker(options: Partial<WorkerProcessOptions> = {}): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({
      databaseUrl: server.url,
      redisUrl: redis?.url ?? null,
      smtpUrl: inbox.url,
      graceSeconds: 0,
      ...options,
    });
    workers.push(worker);
    return worker;
  }

  async function emptyQueues(): Promise<void> {
    if (redis === null) {
      await source.query('delete from bullmq.job');
      return;
    }
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  }

  /** What a process leaves that dies after the router's commit and before it added the jobs. */
  async function routeWithoutJobs(): Promise<void> {
    await dispatchOutbox(source);
    await source.query('update event_consumers set position = (select position from event_log) where name = $1', [
      ROUTER,
    ]);
  }

  async function request(): Promise<string> {
    const input = { conversationId: world.conversation.id, reason: 'Now', summary: null, controlEpoch: null };
    return (await requestHandoff(database, world.visitor.principal, input)).value!.handoff!.id;
  }

  async function say(text: string): Promise<void> {
    await sendMessage(database, world.visitor.principal, {
      conversationId: world.conversation.id,
      clientNonce: newId(),
      text,
    });
  }

  async function one<Row>(sql: string): Promise<Row> {
    const [row] = await source.query<Row[]>(sql, [world.conversation.id]);
    return row!;
  }

  const turnState = async (): Promise<string> =>
    (await one<{ state: string }>('select state from turns where conversation_id = $1 order by id desc limit 1')).state;
  const handoffState = async (): Promise<string> =>
    (await one<{ state: string }>('select state from handoffs where conversation_id = $1')).state;
  const mailsTo = (address: string): number =>
    inbox.mails.filter(({ envelope }) => envelope.to.includes(address)).length;
  const everybody = (): string[] =>
    [world.owner, world.admin, world.operator, world.secondOperator, world.limited, world.manager].map(
      ({ row }) => row.email,
    );

  it('promise 10: a deadline comes without any job for it', async () => {
    await request();
    await routeWithoutJobs();
    await source.query(
      `update handoffs set answer_by = now() + interval '300 milliseconds' where conversation_id = $1`,
      [world.conversation.id],
    );
    await startWorker();
    await until('the end of the request', async () => (await handoffState()) === 'UNANSWERED');
    const { controller } = await one<{ controller: string }>('select controller from conversations where id = $1');
    expect(controller).toBe('AI');
  });

  it('a turn whose job was never added is answered', async () => {
    await say('Hello');
    await routeWithoutJobs();
    await startWorker();
    await until('the answer', async () => (await turnState()) === 'ANSWERED');
  });

  it('a turn that nobody answers fails when its time is over', async () => {
    await source.query(`update agents set responder_kind = 'API' where id = $1`, [world.agent.id]);
    await say('Hello');
    await source.query(`update turns set answer_by = now() where conversation_id = $1`, [world.conversation.id]);
    await startWorker();
    await until('the failure', async () => (await turnState()) === 'FAILED');
    expect(
      (
        await one<{ author_kind: string }>(
          'select author_kind from messages where conversation_id = $1 and sequence = 2',
        )
      ).author_kind,
    ).toBe('SYSTEM');
  });

  it('a turn that a webhook answers later is left alone', async () => {
    const secret = 'a secret of the test';
    webhook = await startWebhookServer({ secret });
    webhook.byDefault({ status: 202 });
    const values = [world.agent.id, webhook.url, testSecrets.seal(secret, responderSecretPlace(world.agent.id))];
    await source.query(
      `update agents set responder_kind = 'WEBHOOK', responder_url = $2, responder_secret = $3 where id = $1`,
      values,
    );
    const worker = await startWorker();
    await say('Hello');
    await webhook.received(1);
    await until(
      'the mark',
      async () => (await one<{ detail: string }>('select detail from turns where conversation_id = $1')).detail,
    );
    // A lost turn that is younger: when the sweeper has found it, it has looked at the older one too.
    world = await createWorld(source, { agent: { responderKind: 'SCRIPTED' } });
    await worker.stop();
    workers.length = 0;
    await say('Hello');
    await routeWithoutJobs();
    await startWorker();
    await until('the answer', async () => (await turnState()) === 'ANSWERED');
    expect(webhook.deliveries).toHaveLength(1);
  });

  it('deliveries leave although the queues were emptied', async () => {
    const first = await startWorker({ smtpUrl: 'smtp://127.0.0.1:1' });
    await request();
    await dispatchOutbox(source);
    const putOff = async (): Promise<number> =>
      (
        await one<{ count: number }>(
          `select count(*)::int as count from deliveries d join notifications n on n.id = d.notification_id
           where n.conversation_id = $1 and d.state = 'PENDING' and d.detail is not null`,
        )
      ).count;
    await until('six failed attempts', async () => (await putOff()) === 6);
    await first.stop();
    workers.length = 0;
    await emptyQueues();
    await source.query(`update deliveries set due_at = now() where state = 'PENDING'`);
    await startWorker();
    await until('every mail', () => everybody().every((address) => mailsTo(address) === 1));
  });

  it('counts of limits that have begun anew are forgotten', async () => {
    await source.query(`insert into rate_limits values ('old', 1, 1000), ('new', 1, 9000000000000)`);
    await startWorker();
    const left = (): Promise<{ key: string }[]> => source.query('select key from rate_limits');
    await until('one is gone', async () => (await left()).length === 1);
    expect(await left()).toEqual([{ key: 'new' }]);
    await source.query('delete from rate_limits');
  });

  it('the list of texts that wait for the index is merged', async () => {
    await source.query(`create or replace function merge_search_list() returns bigint language sql security definer as
      $$ insert into public.rate_limits values ('merged', 1, 9000000000000) on conflict do nothing returning 1::bigint $$`);
    await startWorker();
    const merged = (): Promise<unknown[]> => source.query(`delete from rate_limits where key = 'merged' returning 1`);
    await until('it is', async () => ((await merged())[1] as number) > 0);
  });

  it('without a single hint, a request still reaches everybody', async () => {
    await startWorker({ isDeaf: true });
    await request();
    await until('every mail', () => everybody().every((address) => mailsTo(address) === 1));
  });

  it('two processes share the work and tell everybody once', async () => {
    const [first, second] = [await startWorker(), await startWorker()] as const;
    const worlds = await Promise.all(Array.from({ length: 5 }, () => createWorld(source)));
    await Promise.all(
      worlds.map((each, index) =>
        requestHandoff(index % 2 === 0 ? first.database : second.database, each.visitor.principal, {
          conversationId: each.conversation.id,
          reason: null,
          summary: null,
          controlEpoch: null,
        }),
      ),
    );
    const ended = async (): Promise<boolean> => {
      const [row] = await source.query<{ sent: number; all: number }[]>(
        `select (count(*) filter (where d.state = 'SENT'))::int as sent, count(*)::int as all
         from deliveries d where d.workspace_id = any ($1::uuid[])`,
        [worlds.map((each) => each.workspace.id)],
      );
      return row!.all === 30 && row!.sent === 30;
    };
    await until('every delivery', ended);
    for (const each of worlds) expect(mailsTo(each.operator.row.email)).toBe(1);
    expect([...first.log.errors(), ...second.log.errors()]).toEqual([]);
  });
});
