import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { requireDatabase } from './process/require-database';
import { runRoot } from './process/run-root';

/** `npm run start:api`: the API alone. Any number of these run beside each other. */
void runRoot(async () => {
  const config = loadConfig();
  const databaseUrl = await requireDatabase(config);
  // Only now: a refusal should not wait for every module of the server.
  const { runApi } = await import('./process/run-api.js');
  await runApi(config, databaseUrl);
});
