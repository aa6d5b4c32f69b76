import { runMigrations } from 'bullmq';
import { Client } from 'pg';
import { createDataSource } from './data-source';

/** Any number: it only has to be the same in every process that migrates this database. */
const MIGRATION_LOCK = 7_341_001;

/**
 * Brings the database to the newest schema, BullMQ's own tables included. Safe to call from several processes at once:
 * the second one waits for the first and then finds nothing to do.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const lock = new Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrateTables(url);
    await migrateQueues(url);
  } finally {
    await lock.end();
  }
}

async function migrateTables(url: string): Promise<void> {
  const source = createDataSource({ url, poolSize: 2, applicationName: 'baton-migrate' });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

async function migrateQueues(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
