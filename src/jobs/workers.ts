import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { inSpan } from '../tracing/spans';
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
   * Takes no further jobs, lets running ones finish for up to `drainMs`, then gives them back to the queue as failed
   * attempts.
   */
  close(drainMs: number): Promise<void>;
}

export interface WorkersOptions {
  readonly queues: Queues;
  readonly processors: JobProcessors;
  /** Jobs that run at the same time, in each queue. */
  readonly concurrency: number;
  readonly log: JobLog;
  /** Told of each job that has ended here. */
  readonly onEnded?: (job: { queue: JobName; outcome: 'done' | 'failed'; seconds: number }) => void;
}

/** What a queue needs to hear that a job of ours has ended, after it was let go. */
const CLOSE_MS = 5000;

/** Starts one worker for each queue. */
export function createWorkers(options: WorkersOptions): JobWorkers {
  const abandoned = new AbortController();
  // Each running job listens. From the eleventh on Node would warn whoever runs the server of a leak that is none.
  setMaxListeners(0, abandoned.signal);
  const workers = JOB_NAMES.map((name) => openWorker(name, options, abandoned.signal));
  return {
    ready: async () => {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },
    close: async (drainMs) => {
      const closing = Promise.all(workers.map((worker) => worker.close()));
      await within(drainMs, closing);
      abandoned.abort(new Error('The process stops before this job has ended.'));
      const isClosed = await within(CLOSE_MS, closing);
      if (!isClosed) options.log.warn({}, 'the queues did not answer while the workers were closed');
    },
  };
}

function openWorker(name: JobName, options: WorkersOptions, abandoned: AbortSignal): OpenWorker {
  const { queues, processors, concurrency, log, onEnded } = options;
  // Payloads are written by `Queues.enqueue` alone, which takes no other one under this name.
  const process = processors[name] as (payload: object, run: JobRun) => Promise<void>;
  const run = async (job: TakenJob): Promise<void> => {
    const isLastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const begun = performance.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      await inSpan(`job ${name}`, { 'baton.job.attempt': job.attemptsMade + 1 }, () =>
        unlessAbandoned(process(job.data, { isLastAttempt }), abandoned),
      );
      outcome = 'done';
    } finally {
      onEnded?.({ queue: name, outcome, seconds: (performance.now() - begun) / 1000 });
    }
  };
  const worker = queues.backend.openWorker(name, run, { concurrency });
  worker.on('error', (error) => log.warn({ err: error, queue: name }, 'a worker reported an error'));
  worker.on('failed', (job, error) => log.warn({ err: error, queue: name, job: job?.id }, 'a job failed'));
  return worker;
}

/** Fails for the queue when the process cannot wait any longer; another process then takes the job at once. */
async function unlessAbandoned(work: Promise<void>, abandoned: AbortSignal): Promise<void> {
  // Whichever loses the race still needs somebody who looks at its end.
  work.catch(() => undefined);
  const ended = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(abandoned.reason as Error);
    if (abandoned.aborted) stop();
    abandoned.addEventListener('abort', stop, { once: true, signal: ended.signal });
  });
  await Promise.race([work, stopped]).finally(() => ended.abort());
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController();
  const late = delay(ms, false, { signal: timeout.signal }).catch(() => false);
  return Promise.race([work.then(() => true), late]).finally(() => timeout.abort());
}
