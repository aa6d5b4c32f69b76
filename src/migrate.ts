import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { migrateDatabase } from './database/migrate';
import { runRoot } from './process/run-root';
import { requireDatabaseUrl } from './process/require-database-url';

void runRoot(async () => {
  await migrateDatabase(requireDatabaseUrl(loadConfig()));
  process.stdout.write('The database is up to date.\n');
});
