import { createPostgresBackend, createRedisBackend, withBackend } from 'bullmq';
import { Pool } from 'pg';
import type { JobName } from './jobs';

/** What this folder needs of a logger. A pino logger is one. */
export interface JobLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface BulkJob {
  readonly name: string;
  readonly data: object;
  readonly opts: object;
}

/** The part of BullMQ's queue that is used here, the same on both back ends. */
export interface OpenQueue {
  addBulk(jobs: BulkJob[]): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  getJobCounts(...states: QueueState[]): Promise<Record<string, number>>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Where a job stands. What has ended is in no queue any more. */
export type QueueState = 'waiting' | 'active' | 'delayed';

/** A job as BullMQ hands it out. */
export interface TakenJob {
  readonly data: object;
  readonly attemptsMade: number;
  readonly opts: { readonly attempts?: number };
}

/** The part of BullMQ's worker that is used here. */
export interface OpenWorker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void): unknown;
}

export interface WorkerSettings {
  readonly concurrency: number;
}

/** Opens queues and workers over one kind of storage. */
export interface JobBackend {
  openQueue(name: JobName): OpenQueue;
  openWorker(name: JobName, process: (job: TakenJob) => Promise<void>, settings: WorkerSettings): OpenWorker;
  /** After all queues and workers are closed. */
  close(): Promise<void>;
}

export interface JobBackendOptions {
  /** Null: the queues live in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly log: JobLog;
}

/** One LISTEN connection for each worker, and the rest for queries. */
const POOL_SIZE = 8;
/** Of keys in Redis; several installations use several databases or servers. */
const PREFIX = 'baton';

/** Keys of events that nobody here reads: kept short. */
const STREAMS = { events: { maxLen: 100 } };

const WORKER_DEFAULTS = {
  // A process that died loses its jobs to another one after 15 to 22 s: a visitor waits for the AI as long. A job that
  // is taken too early by mistake harms nothing, since turns are fenced and deliveries are claimed.
  lockDuration: 15_000,
  stalledInterval: 7_500,
  // What a restarted database costs; the package's own value is 15 s.
  runRetryDelay: 1000,
};

/** Redis where there is one, else PostgreSQL, whose tables `migrateDatabase` has made. */
export function openJobBackend(options: JobBackendOptions): JobBackend {
  return options.redisUrl === null ? openPostgres(options) : openRedis(options.redisUrl);
}

function openRedis(url: string): JobBackend {
  const { Queue, Worker } = withBackend(createRedisBackend);
  // A producer that waits in a queue of commands for Redis would block the router: it fails, and a sweeper adds again.
  const producer = { url, enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy };
  const consumer = { url, maxRetriesPerRequest: null, retryStrategy };
  return {
    openQueue: (name) => new Queue(name, { connection: producer, prefix: PREFIX, streams: STREAMS }),
    openWorker: (name, process, settings) =>
      new Worker(name, process, { ...WORKER_DEFAULTS, ...settings, connection: consumer, prefix: PREFIX }),
    close: () => Promise.resolve(),
  };
}

function openPostgres({ databaseUrl, log }: JobBackendOptions): JobBackend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  // One pool for everything: five queues and workers with an address each held 68 connections, with a pool 12.
  const connection = new Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    options: '-c search_path=bullmq',
    application_name: 'baton-jobs',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a lost idle connection would end the process.
  connection.on('error', (error) => log.warn({ err: error }, 'a database connection of the queues was lost'));
  return {
    openQueue: (name) => new Queue(name, { connection, streams: STREAMS }),
    openWorker: (name, process, settings) => new Worker(name, process, { ...WORKER_DEFAULTS, ...settings, connection }),
    close: () => connection.end(),
  };
}

function retryStrategy(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), 2000);
}
