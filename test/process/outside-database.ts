import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { databaseUrl } from '../support/test-database';

export interface OutsideDatabase {
  readonly url: string;
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database on the test server, as an operator of Baton makes one: nothing is migrated. */
export async function createOutsideDatabase(): Promise<OutsideDatabase> {
  const server = serverUrl();
  const name = `outside_${randomBytes(6).toString('hex')}`;
  await ask(server, `create database ${name}`);
  const url = databaseUrl(server, name);
  return {
    url,
    query: (text, values) => ask(url, text, values),
    drop: async () => {
      await ask(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Of the server that the whole test run shares. */
export function serverUrl(): string {
  const url = process.env.BATON_TEST_POSTGRES_URL;
  if (url === undefined)
    throw new Error('BATON_TEST_POSTGRES_URL is not set: test/support/global-setup.ts did not run');
  return url;
}

async function ask<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(text, values);
    return rows as Row[];
  } finally {
    await client.end();
  }
}
