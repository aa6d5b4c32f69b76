import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { createDataSource } from '../../src/database/data-source';
import { newId } from '../../src/database/ids';
import type { OpenQueue } from '../../src/jobs/job-backend';
import { JOB_NAMES, JOB_RETRIES } from '../../src/jobs/jobs';
import { queueBackEnds } from '../jobs/back-ends';
import { until } from '../realtime/support';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

const ids = (): object => ({
  turnId: randomUUID(),
  deliveryId: randomUUID(),
  handoffId: randomUUID(),
  conversationId: randomUUID(),
  workspaceId: randomUUID(),
});

/** Well formed, and about nothing: what a queue holds that outlived its rows. */
const STALE = [ids(), ids(), ids()];
/** What nobody of ours writes, and whoever reaches the queue can. */
const GARBAGE = [
  {},
  { ...ids(), workspaceId: "' or 1=1 --", turnId: 'x', deliveryId: 'x', handoffId: 'x' },
  { turnId: {}, deliveryId: [], handoffId: 7, conversationId: false, workspaceId: { $ne: null } },
  { ...ids(), workspaceId: 'w'.repeat(100_000) },
];

/** What BullMQ's queue has beside what the server uses of it. */
type Counted = OpenQueue & { getJobCounts(): Promise<Readonly<Record<string, number>>> };

/** As many as run at once, and more. */
const ROUNDS = 4;

describe.each(queueBackEnds(14))('poison jobs on $name', ({ redisUrl }) => {
  let database: TestDatabase;
  let source: DataSource;
  let inbox: SmtpInbox;
  let world: World;
  let worker: WorkerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    inbox = await startSmtpInbox();
    source = createDataSource({ url: database.url, poolSize: 4, applicationName: 'baton-test' });
    await source.initialize();
    world = await createWorld(source, { agent: { responderKind: 'SCRIPTED' } });
    worker = await startWorkerProcess({ databaseUrl: database.url, redisUrl, smtpUrl: inbox.url });
  });
  afterAll(async () => {
    await worker.stop();
    await inbox.stop();
    await source.destroy();
    await database.drop();
  });

  async function answeredTurns(): Promise<number> {
    const turns = await source.query<object[]>(`select 1 from turns where state = 'ANSWERED'`);
    return turns.length;
  }

  /** The visitor writes, and the AI answers: the queue still works. */
  async function beAnswered(): Promise<void> {
    const before = await answeredTurns();
    const message = { conversationId: world.conversation.id, clientNonce: newId(), text: 'Hello' };
    await sendMessage(worker.database, world.visitor.principal, message);
    await until('an answer', async () => (await answeredTurns()) > before);
  }

  const failures = (): number => worker.log.lines.filter(({ message }) => message === 'a job failed').length;

  it('are tried as often as their queue tries, are gone then, and hold up nobody', async () => {
    const queues = JOB_NAMES.map((name) => [name, worker.queues.backend.openQueue(name) as Counted] as const);
    for (const [name, queue] of queues) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const poison = [...STALE, ...GARBAGE].map((data) => ({
          name,
          data,
          opts: { ...JOB_RETRIES[name], jobId: `poison-${randomUUID()}`, removeOnComplete: true, removeOnFail: true },
        }));
        await queue.addBulk(poison);
      }
    }
    await beAnswered();
    const left = async (): Promise<number> => {
      const counts = await Promise.all(queues.map(([, queue]) => queue.getJobCounts()));
      return counts.flatMap((count) => Object.values(count)).reduce((sum, count) => sum + count, 0);
    };
    await until('empty queues', async () => (await left()) === 0);
    const tries = JOB_NAMES.reduce((sum, name) => sum + JOB_RETRIES[name].attempts * GARBAGE.length * ROUNDS, 0);
    // Some of it names no row and is done at once; what fails does so at most as often as it is tried.
    expect(failures()).toBeGreaterThan(0);
    expect(failures()).toBeLessThanOrEqual(tries);
    await beAnswered();
    await Promise.all(queues.map(([, queue]) => queue.close()));
  });
});
