import { runMigrations } from 'bullmq';
import { Client } from 'pg';
import { createDataSource } from './data-source';
import { admitApplication, applicationRoleOf, makeRoles } from './roles';

/** Any number: it only has to be the same in every process that migrates this database. */
const MIGRATION_LOCK = 7_341_001;

/**
 * Brings the database to the newest schema, BullMQ's own tables included, and lets the role of `applicationUrl` in, which
 * is made where it is missing. `ownerUrl` signs in the owner of the tables, who may make roles. Safe to call from several
 * processes at once: the second one waits for the first and then finds nothing to do.
 */
export async function migrateDatabase(ownerUrl: string, applicationUrl: string): Promise<void> {
  const application = applicationRoleOf(applicationUrl);
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await makeRoles(owner, application);
    await migrateTables(ownerUrl);
    await migrateQueues(ownerUrl);
    await admitApplication(owner, application);
  } finally {
    await owner.end();
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
