import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { keepsPlans } from './data-source';
import { discardOldPlans } from './kept-plans';
import { MEMBER_ROLE, SERVER_ROLE, TENANT_ROLE } from './roles';

/** Whose rows a transaction sees and may write; a principal is one. */
export interface TenantScope {
  readonly workspaceId: string;
  /** A member's: of transcripts and inquiries, those of this organization alone. Null or left out: of all. */
  readonly organizationId?: string | null;
}

/** Rows of every workspace, for the few things that have no tenant: finding out who calls, the event log, sweepers. */
export const SERVER = 'SERVER';

export type Scope = TenantScope | typeof SERVER;

/** Runs reads in one transaction that sees the rows of its scope alone. */
export type Read = <Result>(work: (manager: EntityManager) => Promise<Result>) => Promise<Result>;

const roles = new WeakMap<QueryRunner, string>();
/** Those that are on their way already. */
const commits = new WeakMap<QueryRunner, Promise<unknown>>();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Runs reads that see the rows of `scope` alone, in a transaction that cannot write. */
export async function read<Result>(
  source: DataSource,
  scope: Scope,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const settings = keepsPlans(source) ? discardOldPlans : undefined;
  return inTransaction(source, scope, 'begin isolation level read committed read only', work, settings);
}

/**
 * One transaction that sees and writes the rows of `scope` alone. Commands use `transact`, which is built on it.
 *
 * @param settings further SQL for the beginning, each statement with a semicolon before it
 */
export async function within<Result>(
  source: DataSource,
  scope: Scope,
  work: (manager: EntityManager) => Promise<Result>,
  settings: (connection: ClientBase) => string = () => '',
): Promise<Result> {
  return inTransaction(source, scope, 'begin isolation level read committed', work, settings);
}

/**
 * Begins and enters the scope, and does not wait for it: the first statement of `work` goes along in the same round trip.
 * Where beginning fails that statement fails too, for outside of a scope the role may read nothing.
 */
async function inTransaction<Result>(
  source: DataSource,
  scope: Scope,
  begin: string,
  work: (manager: EntityManager) => Promise<Result>,
  settings: (connection: ClientBase) => string = () => '',
): Promise<Result> {
  const runner = source.createQueryRunner();
  try {
    const connection = await connectionOf(runner);
    const beginning = connection.query(`${begin}; ${entering(scope)}${settings(connection)}`);
    roles.set(runner, scopeRole(scope));
    // TypeORM locks rows only where it knows of a transaction.
    Object.assign(runner, { isTransactionActive: true });
    const [begun, result] = await Promise.allSettled([beginning, work(runner.manager)]);
    if (begun.status === 'rejected') throw begun.reason;
    if (result.status === 'rejected') throw result.reason;
    await (commits.get(runner) ?? runner.query('commit'));
    return result.value;
  } catch (error) {
    // On a connection that is gone there is nothing to roll back; what went wrong is told by `error`.
    await runner.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * The driver's own connection, which takes statements in the order in which they are given: those that do not wait for
 * each other's answers share a round trip. TypeORM promises no order.
 */
export async function connectionOf(runner: QueryRunner): Promise<ClientBase> {
  return gathering((await runner.connect()) as ClientBase);
}

/** Not in the types of the driver: without it everything works, by more writes. */
interface WithSocket {
  readonly connection?: { readonly stream?: Socket };
}

/**
 * What is asked within one turn of the event loop leaves in one write. The driver writes each statement by itself, which is
 * a system call for each (25 µs) and wakes PostgreSQL for a `begin`: 7 % of a send's CPU, and 11 of a dashboard's list.
 */
function gathering(client: ClientBase): ClientBase {
  const stream = (client as WithSocket).connection?.stream;
  if (stream?.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
  return client;
}

/**
 * Statements that last as long as the transaction, so that a pool (PgBouncer in transaction mode included) gives the
 * connection on without them.
 */
function entering(scope: Scope): string {
  return `${TIMEOUTS}; set local role ${scopeRole(scope)}${scope === SERVER ? '' : tenantSettings(scope)}`;
}

/** Sends the commit behind the last statement, whose answer is still awaited: a failed one leaves nothing to commit. */
export function commitWith(runner: QueryRunner, connection: ClientBase): void {
  const commit = connection.query('commit');
  // Where the statement has failed, that is what is told.
  commit.catch(() => undefined);
  commits.set(runner, commit);
}

/** What the transaction of this runner has turned into. */
export function roleIn(runner: QueryRunner): string {
  const role = roles.get(runner);
  if (role === undefined) throw new Error('It has no scope: only `read` and `within` give it one.');
  return role;
}

function scopeRole(scope: Scope): string {
  if (scope === SERVER) return SERVER_ROLE;
  return scope.organizationId == null ? TENANT_ROLE : MEMBER_ROLE;
}

// A command that hangs would hold its conversation's row lock: better to fail it and let the caller retry.
const TIMEOUTS = `set local statement_timeout = '30s'; set local idle_in_transaction_session_timeout = '30s'`;

function tenantSettings({ workspaceId, organizationId }: TenantScope): string {
  const workspace = `; set local baton.workspace_id = '${checked(workspaceId)}'`;
  if (organizationId == null) return workspace;
  return `${workspace}; set local baton.organization_id = '${checked(organizationId)}'`;
}

/** SET takes no parameters, so nothing but a UUID gets into its text. */
function checked(id: string): string {
  if (!UUID.test(id)) throw new Error('A scope takes UUIDs alone.');
  return id;
}
