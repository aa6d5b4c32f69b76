import { randomUUID } from 'node:crypto';
import { type JobProcessors, createWorkers, type JobWorkers } from '../../src/jobs/workers';
import { createQueues, type Queues } from '../../src/jobs/queues';
import { type Job, jobId, type JobOf } from '../../src/jobs/jobs';
import { Arrivals } from '../support/arrivals';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { queueBackEnds } from './back-ends';

const log = { warn: () => undefined, error: () => undefined };

function turnJob(): JobOf<'run-turn'> {
  return {
    name: 'run-turn',
    payload: { turnId: randomUUID(), workspaceId: randomUUID(), conversationId: randomUUID() },
  };
}

describe('jobId', () => {
  it('never holds a colon and is never all digits, which BullMQ refuses', () => {
    const handoff = { handoffId: randomUUID(), workspaceId: randomUUID(), conversationId: randomUUID() };
    const delivery = { deliveryId: randomUUID(), workspaceId: randomUUID() };
    const jobs: Job[] = [
      turnJob(),
      { name: 'deliver', payload: delivery },
      { name: 'deliver', payload: delivery, round: 3 },
      { name: 'expire-handoff', payload: handoff },
    ];
    const ids = jobs.map(jobId);
    for (const id of ids) expect(id).toMatch(/^[a-z]+-[0-9a-f-]+$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(queueBackEnds(11))('queues on $name', ({ redisUrl }) => {
  let database: TestDatabase;
  let queues: Queues;
  let workers: JobWorkers | null = null;
  const ran = new Arrivals<{ id: string; isLastAttempt: boolean }>();
  let behaviour: (id: string) => Promise<void> = () => Promise.resolve();

  const processors: JobProcessors = {
    'run-turn': async ({ turnId }, { isLastAttempt }) => {
      ran.add({ id: turnId, isLastAttempt });
      await behaviour(turnId);
    },
    deliver: async ({ deliveryId }, { isLastAttempt }) => ran.add({ id: deliveryId, isLastAttempt }),
    'expire-handoff': async ({ handoffId }, { isLastAttempt }) => ran.add({ id: handoffId, isLastAttempt }),
    'climb-ladder': async ({ handoffId }, { isLastAttempt }) => ran.add({ id: handoffId, isLastAttempt }),
  };
  const timesRun = (id: string): number => ran.items.filter((item) => item.id === id).length;

  beforeAll(async () => {
    database = await createTestDatabase();
    queues = createQueues({ redisUrl, databaseUrl: database.url, log });
    await queues.ready();
    workers = createWorkers({ queues, processors, concurrency: 4, log });
    await workers.ready();
  });

  beforeEach(() => {
    behaviour = () => Promise.resolve();
  });

  afterAll(async () => {
    await workers?.close(1000);
    await queues.close();
    await database.drop();
  });

  it('runs a job that waits already, and one that is added while the worker is idle', async () => {
    const [first, second] = [turnJob(), turnJob()] as const;
    await queues.enqueue([first]);
    await ran.waitFor('run', ({ id }) => id === first.payload.turnId);
    await queues.enqueue([second]);
    await ran.waitFor('run', ({ id }) => id === second.payload.turnId);
  });

  it('runs the same work once when it is added again while it runs', async () => {
    const job = turnJob();
    const [entered, release] = [latch(), latch()];
    behaviour = async () => {
      entered.open();
      await release.promise;
    };
    await queues.enqueue([job, job]);
    await entered.promise;
    await queues.enqueue([job]);
    const other: JobOf<'deliver'> = {
      name: 'deliver',
      payload: { deliveryId: randomUUID(), workspaceId: randomUUID() },
    };
    await queues.enqueue([other]);
    await ran.waitFor('run', ({ id }) => id === other.payload.deliveryId);
    expect(timesRun(job.payload.turnId)).toBe(1);
    release.open();
  });

  it('tries a turn twice, says which attempt is the last, and then takes the same job again', async () => {
    const job = turnJob();
    const { turnId } = job.payload;
    behaviour = () => Promise.reject(new Error('the test says no'));
    await queues.enqueue([job]);
    await ran.waitFor('second run', ({ id, isLastAttempt }) => id === turnId && isLastAttempt, 10_000);
    expect(ran.items.filter(({ id }) => id === turnId).map(({ isLastAttempt }) => isLastAttempt)).toEqual([
      false,
      true,
    ]);

    behaviour = () => Promise.resolve();
    // The failed job leaves the queue only after its processor has ended: what the sweeper does, until it takes.
    const again = setInterval(() => void queues.enqueue([job]), 50);
    await ran.waitFor('third run', () => timesRun(turnId) > 2, 10_000).finally(() => clearInterval(again));
  });

  it('runs a delayed job, and not before those without a delay', async () => {
    const late: JobOf<'expire-handoff'> = {
      name: 'expire-handoff',
      payload: { handoffId: randomUUID(), workspaceId: randomUUID(), conversationId: randomUUID() },
      delayMs: 500,
    };
    const prompt: JobOf<'expire-handoff'> = {
      ...late,
      payload: { ...late.payload, handoffId: randomUUID() },
      delayMs: 0,
    };
    await queues.enqueue([late, prompt]);
    await ran.waitFor('delayed run', ({ id }) => id === late.payload.handoffId);
    const order = ran.items.map(({ id }) => id);
    expect(order.indexOf(prompt.payload.handoffId)).toBeLessThan(order.indexOf(late.payload.handoffId));
    expect(order).toContain(prompt.payload.handoffId);
  });

  it('closes within its bound while a job hangs', async () => {
    const own = createQueues({ redisUrl, databaseUrl: database.url, log });
    const entered = latch();
    const hanging: JobProcessors = {
      ...processors,
      'run-turn': () => {
        entered.open();
        return new Promise(() => undefined);
      },
    };
    await workers?.close(1000);
    const stuck = createWorkers({ queues: own, processors: hanging, concurrency: 1, log });
    await own.enqueue([turnJob()]);
    await entered.promise;
    await stuck.close(50);
    await own.close();
    workers = null;
  });
});

function latch(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
