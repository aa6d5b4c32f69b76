import { createHmac, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';

/** What a transaction turns into to see one tenant's rows; row-level security decides which. Nobody signs in as it. */
export const TENANT_ROLE = 'baton_tenant';
/** The same for a member of an organization: what the tenant's may do, within what that organization said. */
export const MEMBER_ROLE = 'baton_member';
/** What a transaction turns into for the few things that have no tenant. It may do with few tables, and little with those. */
export const SERVER_ROLE = 'baton_server';

/** What the search runs as, which has an index to use that row-level security would keep from it. Nobody turns into it. */
const SEARCH_ROLE = 'baton_search';

/** What the role that the processes sign in as may turn into. */
export const SCOPE_ROLES = [TENANT_ROLE, MEMBER_ROLE, SERVER_ROLE];

/** Whom the processes of Baton sign in as. */
export interface ApplicationRole {
  readonly name: string;
  /** Null: PostgreSQL lets it in by other means. */
  readonly password: string | null;
}

/** The owner may not make or change roles. The message is one line, with what somebody who may has to do. */
export class RolesRefusedError extends Error {
  override readonly name = 'RolesRefusedError';
}

export function applicationRoleOf(url: string): ApplicationRole {
  // Not connected: it knows what counts where the address leaves something out.
  const { user, password } = new Client({ connectionString: url });
  if (user === undefined) throw new Error('DATABASE_URL names no user, and neither does PGUSER.');
  return { name: user, password: password ?? null };
}

/**
 * Makes the roles that the policies of a migration name, and the one that the processes sign in as, unless they are
 * there. They are the cluster's: other databases use the same. The password of a role that exists is left alone.
 *
 * @throws RolesRefusedError
 */
export async function makeRoles(owner: Client, { name, password }: ApplicationRole): Promise<void> {
  for (const role of [...SCOPE_ROLES, SEARCH_ROLE]) await makeRole(owner, role, 'nologin');
  await letTurnInto(owner, MEMBER_ROLE, [TENANT_ROLE]);
  const secret = password === null ? '' : ` password ${escapeLiteral(scramVerifier(password))}`;
  await makeRole(owner, name, `login noinherit${secret}`);
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1 and rolinherit', [name]);
  if (rowCount !== 0) await changeRoles(owner, `alter role ${escapeIdentifier(name)} noinherit`);
  await letTurnInto(owner, name, SCOPE_ROLES);
}

/** Looks first: what belongs to the whole cluster cannot be changed by two databases at the same moment. */
async function letTurnInto(owner: Client, name: string, roles: readonly string[]): Promise<void> {
  const { rowCount } = await owner.query(
    `select from unnest($2::text[]) as wanted (name) where not pg_has_role($1, wanted.name, 'member')`,
    [name, roles],
  );
  if (rowCount !== 0) await changeRoles(owner, `grant ${roles.join(', ')} to ${escapeIdentifier(name)}`);
}

/**
 * Gives the role that the processes sign in as the little that it holds without turning into one of the others: a
 * statement outside of every scope is then refused instead of finding nothing. Run it after every migration.
 */
export async function admitApplication(owner: Client, { name }: ApplicationRole): Promise<void> {
  const role = escapeIdentifier(name);
  // BullMQ makes a sequence for each queue when it first adds to it; its schema holds ids of rows and nothing of tenants.
  await owner.query(`
    grant usage on schema public to ${role};
    grant usage, create on schema bullmq to ${role};
    grant select on migrations to ${role};
    grant select, insert, update, delete on rate_limits to ${role};
    grant all on all tables in schema bullmq to ${role};
    grant execute on all functions in schema bullmq to ${role};
    ${await grantSequences(owner, role)}`);
}

/** Those of BullMQ's migrations: the ones that it makes while it runs belong to the role already. */
async function grantSequences(owner: Client, role: string): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'bullmq'::regnamespace and relkind = 'S' and relowner = current_user::regrole`,
  );
  return rows.map(({ name }) => `grant all on sequence ${name} to ${role};`).join(' ');
}

async function makeRole(owner: Client, name: string, options: string): Promise<void> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount !== 0) return;
  try {
    await changeRoles(owner, `create role ${escapeIdentifier(name)} ${options}`);
  } catch (error) {
    // Another database of the cluster has made it in between.
    const isThere = error instanceof DatabaseError && (error.code === '42710' || error.code === '23505');
    if (!isThere) throw error;
  }
}

async function changeRoles(owner: Client, sql: string): Promise<void> {
  try {
    await owner.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    // Without the password's verifier, which nobody needs to see.
    const wanted = sql.replace(/ password '.*$/, " password '…'");
    throw new RolesRefusedError(
      `DATABASE_OWNER_URL signs in a role that may not do this: ${wanted}. Give it CREATEROLE, or let a superuser do it, and run this again.`,
      { cause: error },
    );
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** As PostgreSQL stores a password (RFC 5803): in clear it would stand in the server's log where DDL is logged. */
function scramVerifier(password: string): string {
  const [iterations, salt] = [4096, randomBytes(16)];
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const keyOf = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
