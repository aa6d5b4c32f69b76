import type { Database } from '../database/database';
import type { Queues } from '../jobs/queues';
import { registerConsumer } from '../queries/event-consumer';
import type { Log } from '../realtime/log';
import type { LogTail } from '../realtime/log-tail';
import { repeat } from './repeat';
import { ROUTER, routeEvents } from './route-events';

export interface EventRouterOptions {
  readonly database: Database;
  readonly tail: Pick<LogTail, 'subscribe'>;
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly log: Log;
  /** How often it looks without being woken. */
  readonly intervalMs?: number;
}

const BATCH = 200;

/** Routes the log for as long as it runs. Any number of processes may: one routes at a time. */
export async function startEventRouter(options: EventRouterOptions): Promise<{ stop(): Promise<void> }> {
  const { database, tail, queues, log, intervalMs = 1500 } = options;
  await registerConsumer(database.source, ROUTER);
  const routing = repeat({
    name: 'route events',
    everyMs: intervalMs,
    log,
    run: async () => {
      const batch = await routeEvents(database, BATCH);
      if (batch === null) return 'done';
      if (batch.jobs.length > 0) await enqueue(batch.jobs, { queues, log });
      return batch.events === BATCH ? 'again' : 'done';
    },
  });
  const unsubscribe = tail.subscribe(() => routing.wake());
  return {
    stop: async () => {
      unsubscribe();
      await routing.stop();
    },
  };
}

/** The rows are committed: a queue that takes nothing delays their jobs until a sweeper finds them. */
async function enqueue(
  jobs: Parameters<Queues['enqueue']>[0],
  { queues, log }: Pick<EventRouterOptions, 'queues' | 'log'>,
): Promise<void> {
  try {
    await queues.enqueue(jobs);
  } catch (error) {
    log.warn({ err: error, jobs: jobs.length }, 'jobs could not be added; the sweepers will add them');
  }
}
