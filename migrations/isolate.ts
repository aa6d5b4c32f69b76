import type { QueryRunner } from 'typeorm';

// Read where they are compared and not in a sub-select: the planner has to know the value to guess how many rows have it,
// and guesses wrong turn a page of a transcript into a sort of all of it (docs/adr/0015).
const WORKSPACE = `current_setting('baton.workspace_id')::uuid`;
/** The organization of the scope; set in a member's alone. */
const ORGANIZATION = `current_setting('baton.organization_id')::uuid`;

export interface Isolation {
  /** What a transaction of one tenant may do, e.g. `select, insert`. */
  readonly tenant: string;
  /**
   * What a transaction of the whole server may do; left out: nothing. Columns can be named: `select, update (until)`,
   * which `for update` asks for too.
   */
  readonly server?: string;
  /** Which rows a member of an organization may see beside those of other workspaces: see `ofOrganization`. */
  readonly organization?: string;
  /** The column that names the workspace. */
  readonly column?: string;
}

/**
 * Puts a table behind row-level security, forced: call it in the migration that makes the table. What the tenant's role
 * may do, the member's inherits, within its organization.
 *
 * The owner of the table sees nothing through it either. A later migration that changes rows turns it off for itself:
 * `alter table … no force row level security`, and on again.
 */
export async function isolate(runner: QueryRunner, table: string, isolation: Isolation): Promise<void> {
  const { tenant, server, organization, column = 'workspace_id' } = isolation;
  await runner.query(`
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy tenant on ${table} to baton_tenant using (${column} = ${WORKSPACE});
    grant ${tenant} on ${table} to baton_tenant`);
  if (organization !== undefined) {
    await runner.query(`create policy organization on ${table} as restrictive to baton_member using (${organization})`);
  }
  if (server !== undefined) {
    await runner.query(`
      create policy server on ${table} to baton_server using (true);
      grant ${server} on ${table} to baton_server`);
  }
}

/** Takes away what `isolate` did, for `down` of a migration that does not drop the table. */
export async function expose(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`
    drop policy if exists tenant on ${table};
    drop policy if exists organization on ${table};
    drop policy if exists server on ${table};
    revoke all on ${table} from baton_tenant, baton_server;
    alter table ${table} no force row level security;
    alter table ${table} disable row level security`);
}

/** For tables that name the organization themselves. */
export const OF_ORGANIZATION = `organization_id = ${ORGANIZATION}`;

/**
 * For what hangs below a row that names it, and which the member's role sees for itself. `offset 0` keeps PostgreSQL from
 * making a hash of every row of `parent`, of which an organization can have a million: this is one look into the primary
 * key for each row that is read.
 */
export function below(parent: string, column: string): string {
  return `exists (select from ${parent} above where above.id = ${column} offset 0)`;
}
