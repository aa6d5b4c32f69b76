import type { DataSource } from 'typeorm';
import { StartError } from './run-root';

/** A process on an older schema would fail at some later moment, in the middle of somebody's conversation. */
export async function requireMigrated(source: DataSource): Promise<void> {
  if (!(await source.showMigrations())) return;
  throw new StartError('DATABASE_URL leads to a database that is not up to date: run `npm run migrate` first.');
}
