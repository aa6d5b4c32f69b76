import { Client, DatabaseError } from 'pg';
import type { Config } from '../config/config';
import { StartError } from './run-root';

const CONNECT_MS = 10_000;
const OLDEST = 14;

/**
 * The address of the outside PostgreSQL, once it has answered. The embedded one belongs to `npm start` alone.
 *
 * @throws StartError when there is no address, when nothing answers there within 10 s, or when it is older than 14
 */
export async function requireDatabase(config: Config): Promise<string> {
  const { url } = config.database;
  if (url === null) {
    throw new StartError(
      'DATABASE_URL is missing: separate processes need a PostgreSQL of their own. Or use `npm start`.',
    );
  }
  return answering('DATABASE_URL', url);
}

/**
 * The two addresses that a migration needs: the owner's, once it has answered, and that of the role it is to let in.
 *
 * @throws StartError as `requireDatabase` does, of DATABASE_OWNER_URL
 */
export async function requireOwner(config: Config): Promise<{ ownerUrl: string; applicationUrl: string }> {
  const { url, ownerUrl } = config.database;
  if (url === null || ownerUrl === null) {
    throw new StartError(
      'DATABASE_OWNER_URL and DATABASE_URL are needed: the first signs in the owner of the tables, who makes the role that the second names, and Baton runs as that one.',
    );
  }
  return { ownerUrl: await answering('DATABASE_OWNER_URL', ownerUrl), applicationUrl: url };
}

async function answering(variable: string, url: string): Promise<string> {
  const version = await versionOf(variable, url);
  if (version >= OLDEST) return url;
  throw new StartError(`${variable} leads to PostgreSQL ${version}: Baton needs ${OLDEST} or newer.`);
}

async function versionOf(variable: string, url: string): Promise<number> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, query_timeout: CONNECT_MS });
  // A connection that breaks fails the call that waits for it; without a listener it would also end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ number: string }>("select current_setting('server_version_num') as number");
    return Math.floor(Number(rows[0]?.number) / 10_000);
  } catch (error) {
    throw new StartError(
      `${variable} leads to no PostgreSQL that answers (${causeOf(error)}): check host, port, name and password.`,
      { cause: error },
    );
  } finally {
    // Not awaited: a server that says nothing does not say goodbye either.
    client.end().catch(() => undefined);
  }
}

/** The server's own words say more than its codes, and never hold the password. */
function causeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const cause = typeof code === 'string' && !(error instanceof DatabaseError) ? code : String(message);
  return cause.replace(/\s+/g, ' ');
}
