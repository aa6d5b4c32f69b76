import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import {
  applicationUrl,
  asOwner,
  createTestDatabase,
  databaseUrl,
  OWNER,
  superuserUrl,
} from '../support/test-database';

export interface OutsideDatabase {
  /** Of the superuser. */
  readonly url: string;
  /** What `npm run migrate` is given; the processes take DATABASE_URL alone. */
  readonly env: { readonly DATABASE_URL: string; readonly DATABASE_OWNER_URL: string };
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database on the test server, as an operator of Baton makes one: nothing is migrated. */
export async function createOutsideDatabase(): Promise<OutsideDatabase> {
  const server = superuserUrl();
  const name = `outside_${randomBytes(6).toString('hex')}`;
  await ask(server, `create database ${name} owner ${OWNER}`);
  const url = databaseUrl(server, name);
  return {
    url,
    env: { DATABASE_URL: databaseUrl(applicationUrl(), name), DATABASE_OWNER_URL: asOwner(url) },
    query: (text, values) => ask(url, text, values),
    drop: async () => {
      await ask(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** The same, after its migration: a clone of what all tests share, which costs no process. */
export async function createMigratedDatabase(): Promise<OutsideDatabase> {
  const { url, applicationUrl: DATABASE_URL, ownerUrl: DATABASE_OWNER_URL, drop } = await createTestDatabase();
  return { url, env: { DATABASE_URL, DATABASE_OWNER_URL }, query: (text, values) => ask(url, text, values), drop };
}

/** One statement over a connection of its own. */
export async function ask<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(text, values);
    return rows as Row[];
  } finally {
    await client.end();
  }
}
