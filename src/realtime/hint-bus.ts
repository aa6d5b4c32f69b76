import type { HintBus } from './hints';
import type { Log } from './log';
import { createPostgresHintBus } from './postgres-hint-bus';
import { createRedisHintBus } from './redis-hint-bus';

/** Hints over Redis where there is one, else over PostgreSQL's notifications. */
export function createHintBus(options: { databaseUrl: string; redisUrl: string | null; log: Log }): HintBus {
  const { databaseUrl, redisUrl, log } = options;
  return redisUrl === null ? createPostgresHintBus({ databaseUrl, log }) : createRedisHintBus({ redisUrl, log });
}
