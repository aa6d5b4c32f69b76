import { setTimeout as delay } from 'node:timers/promises';
import type { JobLog, OpenWorker, TakenJob } from './job-backend';
import { JOB_NAMES, type JobName, type JobPayloads } from './jobs';
import type { Queues } from './queues';

/** Which try this is. */
export interface JobRun {
  /** The queue will not try again: what is left undone now is left to the sweepers. */
  readonly isLastAttempt: boolean;
}

/** One function for each kind of job. What it throws is tried again by the queue. Every job may run twice. */
export type JobProcessors = {
  readonly [Name in JobName]: (payload: JobPayloads[Name], run: JobRun) => Promise<void>;
};

export interface JobWorkers {
  ready(): Promise<void>;
  /**
   * Takes no further jobs, lets running ones finish for up to `drainMs`, then lets go of them: another process finds
   * them by their expired locks.
   */
  close(drainMs: number): Promise<void>;
}

export interface WorkersOptions {
  readonly queues: Queues;
  readonly processors: JobProcessors;
  /** Jobs that run at the same time, in each queue. */
  readonly concurrency: number;
  readonly log: JobLog;
}

/** Starts one worker for each queue. */
export function createWorkers(options: WorkersOptions): JobWorkers {
  const workers = JOB_NAMES.map((name) => openWorker(name, options));
  return {
    ready: async () => {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },
    close: async (drainMs) => {
      await Promise.all(workers.map((worker) => closeWorker(worker, drainMs)));
    },
  };
}

function openWorker<Name extends JobName>(name: Name, options: WorkersOptions): OpenWorker {
  const { queues, processors, concurrency, log } = options;
  const process = processors[name];
  const run = async (job: TakenJob): Promise<void> => {
    // Written by `Queues.enqueue` alone, which takes no other payload under this name.
    await process(job.data as JobPayloads[Name], { isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1) });
  };
  const worker = queues.backend.openWorker(name, run, { concurrency });
  worker.on('error', (error) => log.warn({ err: error, queue: name }, 'a worker reported an error'));
  worker.on('failed', (job, error) => log.warn({ err: error, queue: name, job: job?.id }, 'a job failed'));
  return worker;
}

async function closeWorker(worker: OpenWorker, drainMs: number): Promise<void> {
  const timeout = new AbortController();
  const bound = delay(drainMs, undefined, { signal: timeout.signal }).catch(() => undefined);
  await Promise.race([worker.pause(), bound]).finally(() => timeout.abort());
  await worker.close(true);
}
