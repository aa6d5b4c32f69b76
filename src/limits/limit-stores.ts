import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { LimitRule } from '../config/limit-rules';
import { PostgresCounts } from './postgres-counts';

/** What this folder needs of a logger. A pino logger is one. */
export interface LimitLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Where all processes count together. */
export interface LimitStore {
  /** Returns when it can be asked, or when that has failed once: it goes on trying by itself. */
  ready(): Promise<void>;
  open(rule: LimitRule): RateLimiterAbstract;
  close(): Promise<void>;
}

/** How long a request may wait for a count: a store that is slower than this is treated as away. */
const PATIENCE_MS = 500;
const POOL_SIZE = 4;
const PREFIX = 'baton-limit';

const optionsOf = ({ points, seconds }: LimitRule) => ({
  points,
  duration: seconds,
  // Once a key is used up, its flood is refused from memory and no longer reaches the store.
  inMemoryBlockOnConsumed: points,
});

/** Redis where there is one, else PostgreSQL, whose table a migration has made. */
export function openLimitStore(options: { redisUrl: string | null; databaseUrl: string; log: LimitLog }): LimitStore {
  return options.redisUrl === null
    ? openPostgres(options.databaseUrl, options.log)
    : openRedis(options.redisUrl, options.log);
}

function openRedis(url: string, log: LimitLog): LimitStore {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    commandTimeout: PATIENCE_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 200,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2000),
  });
  client.on('error', (error) => log.debug({ err: error }, 'the limits cannot reach Redis'));
  return {
    // Reported by the 'error' event, and tried again by the client itself.
    ready: () => client.connect().catch(() => undefined),
    open: (rule) =>
      new RateLimiterRedis({
        ...optionsOf(rule),
        storeClient: client,
        keyPrefix: PREFIX,
        rejectIfRedisNotReady: true,
      }),
    close: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

function openPostgres(url: string, log: LimitLog): LimitStore {
  // Of its own: when the other pool is exhausted, limits are what must still work.
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    application_name: 'baton-limits',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    keepAlive: true,
  });
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => log.debug({ err: error }, 'a database connection of the limits was lost'));
  const counts = new PostgresCounts(pool);
  return {
    ready: () => Promise.resolve(),
    open: (rule) =>
      new RateLimiterPostgres({
        ...optionsOf(rule),
        storeClient: counts.clientOf(rule.name),
        storeType: 'client',
        keyPrefix: '',
        tableName: 'rate_limits',
        tableCreated: true,
        // A sweeper of the workers does it: see expired-limits.ts.
        clearExpiredByTimeout: false,
      }),
    close: () => pool.end(),
  };
}
