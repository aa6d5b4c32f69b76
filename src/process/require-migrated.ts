import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../database/migrations';
import { sqlStateOf } from '../database/transact';
import { StartError } from './run-root';

/** The table is not there, or the role has not been let in: `npm run migrate` does both. */
const NOT_YET = ['42P01', '42501'];

/** A process on an older schema would fail at some later moment, in the middle of somebody's conversation. */
export async function requireMigrated(source: DataSource): Promise<void> {
  const done = await migrationsOf(source);
  if (MIGRATIONS.every((migration) => done.has(migration.name))) return;
  throw new StartError('DATABASE_URL leads to a database that is not up to date: run `npm run migrate` first.');
}

async function migrationsOf(source: DataSource): Promise<ReadonlySet<string>> {
  try {
    const rows = await source.query<{ name: string }[]>('select name from migrations');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (NOT_YET.includes(sqlStateOf(error) ?? '')) return new Set();
    throw error;
  }
}
