import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';

/** Migrated once; every test database is a clone of it. */
export const TEMPLATE_DATABASE = 'baton_template';

/** Of the template and of every clone; its password is the superuser's. */
export const OWNER = 'baton';

export interface TestDatabase {
  /** Of the superuser: tests arrange and look past every wall. Within a scope, commands have the powers of its role alone. */
  url: string;
  /** Of the role that Baton runs as. */
  applicationUrl: string;
  /** Of the role that owns the tables and migrates them. */
  ownerUrl: string;
  /** Deletes it, cutting what is still connected. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006';
const ATTEMPTS = 100;

/** A fresh, migrated database of its own for a test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = superuserUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, (client) => cloneTemplate(client, name));
  const drop = (): Promise<void> =>
    withClient(serverUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  const url = databaseUrl(serverUrl, name);
  return { url, applicationUrl: databaseUrl(applicationUrl(), name), ownerUrl: asOwner(url), drop };
}

export function asOwner(superuserUrl: string): string {
  const url = new URL(superuserUrl);
  url.username = OWNER;
  return url.href;
}

/** Of the server that the whole test run shares. */
export function superuserUrl(): string {
  return fromSetup('BATON_TEST_SUPERUSER_URL');
}

/** The same, for the role that Baton runs as. */
export function applicationUrl(): string {
  return fromSetup('BATON_TEST_APPLICATION_URL');
}

function fromSetup(variable: string): string {
  const url = process.env[variable];
  if (url === undefined) throw new Error(`${variable} is not set: test/support/global-setup.ts did not run`);
  return url;
}

/** The same server and account, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function cloneTemplate(client: Client, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Copying files takes a third of copying their pages through the journal.
      await client.query(`create database ${name} template ${TEMPLATE_DATABASE} owner ${OWNER} strategy file_copy`);
      return;
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === OBJECT_IN_USE;
      if (!busy || attempt === ATTEMPTS) throw error;
      await delay(50);
    }
  }
}
