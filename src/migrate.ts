import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { migrateDatabase } from './database/migrate';
import { runRoot } from './process/run-root';
import { requireDatabase } from './process/require-database';

void runRoot(async () => {
  await migrateDatabase(await requireDatabase(loadConfig()));
  process.stdout.write('The database is up to date.\n');
});
