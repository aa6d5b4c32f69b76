import type { Config } from '../config/config';
import { publicUrlOf } from '../config/public-url';
import { migrateDatabase } from '../database/migrate';
import type { startEmbeddedPostgres } from '../embedded/start-embedded-postgres';
import { EXPLORER_PATH, GRAPHQL_PATH } from '../server/http-server';
import { startCore } from './core';
import { seedDemo } from './demo';
import type { Demo } from './demo-file';
import { createLogger } from './logger';
import { requireDatabase, requireOwner } from './require-database';
import { stopOnSignals } from './shutdown';
import { startApi } from './start-api';
import { startWorker } from './start-worker';
import { welcome } from './welcome';

type Postgres = Awaited<ReturnType<typeof startEmbeddedPostgres>>;

/** Migrates, starts everything in this process, seeds the demo on the embedded default, and says what to do next. */
export async function runAll(config: Config, postgres: Postgres | null): Promise<void> {
  const log = createLogger(config);
  const databaseUrl = postgres === null ? await migrateOutside(config) : await migrateEmbedded(postgres);
  const core = await startCore(config, log, databaseUrl);
  let demo: Demo | null = null;
  const seedDemoAt = async (port: number): Promise<void> => {
    if (config.demo.enabled && postgres !== null) {
      const graphqlUrl = `${publicUrlOf(config, port)}${GRAPHQL_PATH}`;
      demo = await seedDemo(core.database.source, config.dataDir, graphqlUrl);
    }
  };
  const [api, worker] = await Promise.all([startApi(core, seedDemoAt), startWorker(core)]);
  const shutdown = stopOnSignals(core, async () => {
    await api.stop();
    await worker.stop();
    await core.stop();
    await postgres?.stop();
  });
  postgres?.ended.then(
    () => shutdown.stopNow('the embedded PostgreSQL has ended', 1),
    (error: unknown) => log.error({ err: error }, 'the embedded PostgreSQL cannot be watched'),
  );
  const url = publicUrlOf(config, api.port);
  process.stdout.write(welcome({ url, explorerPath: config.server.explorer ? EXPLORER_PATH : null, demo, config }));
}

async function migrateEmbedded({ ownerUrl, url }: Postgres): Promise<string> {
  await migrateDatabase(ownerUrl, url);
  return url;
}

/** Only where the owner is known: a server that never sees its password migrates with `npm run migrate` elsewhere. */
async function migrateOutside(config: Config): Promise<string> {
  if (config.database.ownerUrl !== null) {
    const { ownerUrl, applicationUrl } = await requireOwner(config);
    await migrateDatabase(ownerUrl, applicationUrl);
  }
  return requireDatabase(config);
}
