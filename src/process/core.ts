import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { sendLanesOf } from '../commands/conversation/send/send-lanes';
import type { Config } from '../config/config';
import { createMetrics, type Metrics } from '../metrics/metrics';
import { redactUrl } from '../config/redact-url';
import { createDataSource } from '../database/data-source';
import type { Database } from '../database/database';
import { sealStoredSecrets } from '../database/seal-stored-secrets';
import type { SecretBox } from '../domain/secrets';
import { createDispatcher } from '../realtime/dispatcher';
import { createHintBus } from '../realtime/hint-bus';
import type { HintBus } from '../realtime/hints';
import { createHub, type Hub } from '../realtime/hub';
import { createLogTail, type LogTail } from '../realtime/log-tail';
import { startMetrics, watchCore } from './metrics';
import { requireApplicationRole } from './require-application-role';
import { requireKeptPlans } from './require-kept-plans';
import { requireMigrated } from './require-migrated';
import { requireRedis } from './require-redis';
import { secretBoxOf } from './secret-keys';

/** What an API process and a worker process have in common: the database, the log and the hints. */
export interface Core {
  readonly config: Config;
  readonly log: Logger;
  readonly databaseUrl: string;
  /** Names this process in presences and watches. */
  readonly processId: string;
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly hints: HintBus;
  readonly tail: LogTail;
  readonly hub: Hub;
  readonly metrics: Metrics;
  /** Where they can be read; null when METRICS_PORT is not set. */
  readonly metricsPort: number | null;
  /** Whether the database answers. */
  isAlive(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Connects to a migrated database, and to Redis where there is one. Throws when either cannot be reached. */
export async function startCore(config: Config, log: Logger, databaseUrl: string): Promise<Core> {
  const { poolSize, keepsPlans } = config.database;
  const source = createDataSource({ url: databaseUrl, poolSize, keepsPlans, applicationName: 'baton' });
  await requireRedis(config.redis.url);
  const secrets = await prepare(source, config, log);
  const hints = createHintBus({ databaseUrl, redisUrl: config.redis.url, log });
  const tail = createLogTail({ source, hints, log });
  const dispatcher = createDispatcher({ source, hints, tail, log });
  const database = { source, afterCommit: () => dispatcher.kick() };
  const isSending = (): boolean => sendLanesOf(database).isBusy || dispatcher.isBusy;
  const hub = createHub({ source, tail, hints, log, isSending });
  const metrics = createMetrics(log);
  watchCore(metrics, { source, tail, poolSize });
  await Promise.all([hints.start(), tail.start()]);
  const metricsServer = await startMetrics(metrics, config.metrics, log);
  dispatcher.start();
  log.debug({ database: redactUrl(databaseUrl), redis: config.redis.url !== null }, 'connected');
  return {
    config,
    log,
    databaseUrl,
    processId: randomUUID(),
    database,
    secrets,
    hints,
    tail,
    hub,
    metrics,
    metricsPort: metricsServer.port,
    isAlive: () => answers(() => source.query('select 1')),
    stop: async () => {
      await metricsServer.stop();
      await sendLanesOf(database).drain();
      await dispatcher.stop();
      hub.stop();
      await tail.stop();
      await hints.stop();
      await source.destroy();
    },
  };
}

/** Connects. Where the database is not what it must be, nothing stays open. */
async function prepare(source: DataSource, config: Config, log: Logger): Promise<SecretBox> {
  await source.initialize();
  try {
    await requireApplicationRole(source);
    await requireMigrated(source);
    await requireKeptPlans(source);
    const secrets = secretBoxOf(config);
    await sealSecrets(source, secrets, log);
    return secrets;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

async function sealSecrets(source: DataSource, secrets: SecretBox, log: Logger): Promise<void> {
  const { sealed, unopened } = await sealStoredSecrets(source, secrets);
  if (sealed > 0) log.info({ sealed }, 'stored secrets are sealed with the first key now');
  if (unopened > 0) log.warn({ unopened }, 'stored secrets were sealed with a key that BATON_SECRET_KEY does not hold');
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch {
    return false;
  }
}
