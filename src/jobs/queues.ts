import { setTimeout as delay } from 'node:timers/promises';
import {
  type BulkJob,
  type JobBackend,
  type JobBackendOptions,
  openJobBackend,
  type OpenQueue,
  type QueueState,
} from './job-backend';
import { type Job, JOB_NAMES, JOB_RETRIES, type JobName, jobId } from './jobs';

/** The way into the queues, and the only one. */
export interface Queues {
  /** For `createWorkers`: workers share the connections of the queues. */
  readonly backend: JobBackend;
  /** Resolves when jobs can be added. Throws when the back end cannot be used. */
  ready(): Promise<void>;
  /**
   * Adds jobs; one whose id is in its queue already is not added again. Throws when the back end did not take them
   * within 5 s: the caller's rows are the record of work, and a sweeper adds their jobs later.
   */
  enqueue(jobs: readonly Job[]): Promise<void>;
  /** How many jobs of all processes are in each queue. Throws when the back end does not answer. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Close the workers first. */
  close(): Promise<void>;
}

export interface QueueDepth {
  readonly queue: JobName;
  readonly state: QueueState;
  readonly jobs: number;
}

const STATES: readonly QueueState[] = ['waiting', 'active', 'delayed'];

const ENQUEUE_TIMEOUT_MS = 5000;

/** Queues on Redis where there is one, else on PostgreSQL. */
export function createQueues(options: JobBackendOptions): Queues {
  const backend = openJobBackend(options);
  const queues = new Map(JOB_NAMES.map((name) => [name, backend.openQueue(name)] as const));
  for (const [name, queue] of queues) {
    queue.on('error', (error) => options.log.warn({ err: error, queue: name }, 'a queue reported an error'));
  }
  return {
    backend,
    ready: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()));
    },
    enqueue: async (jobs) => {
      await Promise.all([...groupByName(jobs)].map(([name, bulk]) => addAll(name, queues.get(name), bulk)));
    },
    depths: async () => (await Promise.all([...queues].map(([name, queue]) => depthsOf(name, queue)))).flat(),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
}

async function depthsOf(name: JobName, queue: OpenQueue): Promise<QueueDepth[]> {
  const counts = await queue.getJobCounts(...STATES);
  return STATES.map((state) => ({ queue: name, state, jobs: counts[state] ?? 0 }));
}

function groupByName(jobs: readonly Job[]): Map<JobName, BulkJob[]> {
  const groups = new Map<JobName, BulkJob[]>();
  for (const job of jobs) groups.set(job.name, [...(groups.get(job.name) ?? []), toBulkJob(job)]);
  return groups;
}

function toBulkJob(job: Job): BulkJob {
  return {
    name: job.name,
    data: job.payload,
    opts: {
      ...JOB_RETRIES[job.name],
      jobId: jobId(job),
      delay: Math.max(0, Math.round(job.delayMs ?? 0)),
      // A job that stays as "completed" or "failed" would keep its id, and the same work could never be added again.
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

async function addAll(name: JobName, queue: OpenQueue | undefined, jobs: BulkJob[]): Promise<void> {
  if (queue === undefined) throw new Error(`There is no queue ${name}.`);
  const adding = queue.addBulk(jobs);
  // The loser of the race still needs somebody who looks at its end.
  adding.catch(() => undefined);
  const timeout = new AbortController();
  const late = delay(ENQUEUE_TIMEOUT_MS, 'late' as const, { signal: timeout.signal, ref: false }).catch(() => 'late');
  const result = await Promise.race([adding, late]).finally(() => timeout.abort());
  if (result === 'late')
    throw new Error(`The queue ${name} did not take ${jobs.length} jobs within ${ENQUEUE_TIMEOUT_MS} ms.`);
}
