import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateDatabase } from '../../src/database/migrate';
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';

export interface BenchPostgres {
  /** Of Baton's database, migrated, for the role that Baton runs as. */
  readonly applicationUrl: string;
  /** Of Baton's database for the superuser, who seeds it and runs the rivals' statements past every wall. */
  readonly superuserUrl: string;
  /** An empty database of the textbook's own on the same server. */
  readonly textbookUrl: string;
  readonly version: string;
  /** Runs statements as the superuser on Baton's database. */
  run(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/**
 * The embedded PostgreSQL with its own settings, `synchronous_commit` and `fsync` on, in a folder that goes away.
 * Everything that is compared uses this one server.
 */
export async function startPostgres(): Promise<BenchPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  // As root, PostgreSQL runs as nobody and must get through.
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), log: () => undefined });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await migrateDatabase(server.ownerUrl, server.url);
    const superuserUrl = changed(server.ownerUrl, 'postgres', 'baton');
    const client = new Client({ connectionString: superuserUrl });
    await client.connect();
    await client.query('create database textbook');
    // Nothing here takes longer on a machine that is fit for measuring.
    await client.query(`set statement_timeout = '120s'`);
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return {
      applicationUrl: server.url,
      superuserUrl,
      textbookUrl: changed(server.ownerUrl, 'postgres', 'textbook'),
      version: `${rows[0]?.server_version ?? 'unknown'} (embedded)`,
      run: async (sql, parameters = []) => (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
      stop: async () => {
        await client.end();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The embedded cluster has one password for its owner and its superuser. */
function changed(ownerUrl: string, user: string, database: string): string {
  const url = new URL(ownerUrl);
  url.username = user;
  url.pathname = `/${database}`;
  return url.href;
}
