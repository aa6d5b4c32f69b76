import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { migrateDatabase } from './database/migrate';
import { runRoot } from './process/run-root';
import { requireOwner } from './process/require-database';

void runRoot(async () => {
  const { ownerUrl, applicationUrl } = await requireOwner(loadConfig());
  await migrateDatabase(ownerUrl, applicationUrl);
  process.stdout.write('The database is up to date.\n');
});
