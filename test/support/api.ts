import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config/read-config';
import { createDataSource } from '../../src/database/data-source';
import { type Core, startCore } from '../../src/process/core';
import { startApi } from '../../src/process/start-api';
import type { StreamGroups } from '../../src/realtime/stream-groups';
import { startWorker } from '../../src/process/start-worker';
import { TEST_SECRET_KEY } from './secrets';
import { createTestDatabase } from './test-database';

/** A whole server in this process, on a database of its own, reached through its port alone. */
export interface TestApi {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly core: Core;
  readonly streams: StreamGroups;
  /** Of the superuser. */
  readonly databaseUrl: string;
  /** Of the superuser: what a test arranges and looks at past the server. */
  readonly source: DataSource;
  readonly dataDirectory: string;
  /** A second API process' worth on the same database: another pool, tail, bus and port. `env` is added to the first's. */
  startSecond(
    env?: Record<string, string>,
  ): Promise<{ readonly url: string; readonly core: Core; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  /** Variables of the environment, e.g. SMTP_URL. */
  readonly env?: Record<string, string>;
  readonly withWorker?: boolean;
  /** Silent unless told. */
  readonly log?: Logger;
}

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const dataDirectory = mkdtempSync(join(tmpdir(), 'baton-api-'));
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: database.applicationUrl,
    BATON_DATA_DIR: dataDirectory,
    BATON_ALLOW_LOOPBACK_TARGETS: 'true',
    BATON_DRAIN_SECONDS: '0',
    DATABASE_POOL_SIZE: '10',
    // Suites call from one address in their thousands; the limits have suites of their own, which switch them on.
    BATON_LIMITS: 'off',
    // Else each start derives one from the database's password, which is made to take its time.
    BATON_SECRET_KEY: TEST_SECRET_KEY,
    NODE_ENV: 'test',
    ...options.env,
  };
  const start = async (
    withWorker: boolean,
    own: Record<string, string> = {},
  ): Promise<{ url: string; core: Core; streams: StreamGroups; stop(): Promise<void> }> => {
    const config = readConfig({ ...env, ...own });
    const core = await startCore(
      config,
      options.log ?? pino({ level: process.env.BATON_TEST_LOG ?? 'silent' }),
      database.applicationUrl,
    );
    const api = await startApi(core);
    const worker = withWorker ? await startWorker(core) : null;
    return {
      url: `http://127.0.0.1:${api.port}/graphql`,
      core,
      streams: api.streams,
      stop: async () => {
        await api.stop();
        await worker?.stop();
        await core.stop();
      },
    };
  };
  const source = createDataSource({ url: database.url, poolSize: 3, applicationName: 'baton-test' });
  await source.initialize();
  const first = await start(options.withWorker ?? true);
  return {
    ...first,
    databaseUrl: database.url,
    source,
    dataDirectory,
    startSecond: (own) => start(false, own),
    stop: async () => {
      await first.stop();
      await source.destroy();
      await database.drop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
