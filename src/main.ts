import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres';
import { runRoot } from './process/run-root';
import { endOnSignals } from './process/shutdown';

/** `npm start`: API and workers in one process, on the embedded PostgreSQL unless DATABASE_URL names another. */
void runRoot(async () => {
  const config = loadConfig();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  // Started before the rest is loaded: PostgreSQL comes up while node reads its modules.
  const starting =
    config.database.url === null ? startEmbeddedPostgres({ dataDirectory: config.dataDir, log: say }) : null;
  endOnSignals(starting);
  const [postgres, { runAll }] = await Promise.all([starting, import('./process/run-all.js')]);
  await runAll(config, postgres);
});
