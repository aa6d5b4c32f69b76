import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { requireDatabase } from './process/require-database';
import { runRoot } from './process/run-root';

/** `npm run start:worker`: everything behind the API. Any number of these run beside each other. */
void runRoot(async () => {
  const config = loadConfig();
  const databaseUrl = await requireDatabase(config);
  // Only now: a refusal should not wait for every module of the worker.
  const { runWorker } = await import('./process/run-worker.js');
  await runWorker(config, databaseUrl);
});
