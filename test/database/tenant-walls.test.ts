import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/ids';
import { read, type Scope, SERVER, within } from '../../src/database/scope';
import { TenantRows } from '../../src/database/tenant-rows';
import { Host } from '../../src/entities/host';
import { User } from '../../src/entities/user';
import { openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';
import { fullStage } from './full-stage';

/** The superuser's: past row-level security. Here also without foreign keys, so that one wall stands alone. */
let database: StageDatabase;
/** What Baton runs as. */
let application: DataSource;
let tables: string[];
let ours: Stage;
let theirs: Stage;

beforeAll(async () => {
  database = await openDatabase();
  ours = await fullStage(database);
  theirs = await fullStage(database);
  await dropForeignKeys();
  tables = (await tenantTables()).map(({ name }) => name);
  application = await database.openApplication();
});
afterAll(async () => {
  await database.close();
});

async function dropForeignKeys(): Promise<void> {
  const keys = await database.source.query<{ sql: string }[]>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as sql
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  expect(keys.length).toBeGreaterThan(30);
  for (const { sql } of keys) await database.source.query(sql);
}

interface TenantTable {
  readonly name: string;
  readonly column: string;
  readonly isForced: boolean;
}

/** Every table that names a workspace in its rows, and the workspaces themselves: a new one is tested with the others. */
function tenantTables(): Promise<TenantTable[]> {
  return database.source.query<TenantTable[]>(
    `select c.relname as name, case c.relname when 'workspaces' then 'id' else 'workspace_id' end as column,
       c.relrowsecurity and c.relforcerowsecurity as "isForced"
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and (c.relname = 'workspaces' or exists (select from pg_attribute a
         where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped))
     order by 1`,
  );
}

const columnOf = (table: string): string => (table === 'workspaces' ? 'id' : 'workspace_id');
const scopeOf = (stage: Stage): Scope => ({ workspaceId: stage.world.workspace.id });
const countOf = async (scope: Scope, sql: string, values: unknown[] = []): Promise<number> =>
  (
    await read(application, scope, (manager) =>
      manager.query<{ n: number }[]>(`select count(*)::int as n ${sql}`, values),
    )
  )[0]!.n;

/** PostgreSQL's refusal, or how many rows a statement changed. The transaction is rolled back. */
async function attempt(scope: Scope, sql: string, values: unknown[] = []): Promise<string | number> {
  class Undo extends Error {}
  let changed = 0;
  try {
    await within(application, scope, async (manager) => {
      [, changed] = await manager.query<[unknown, number]>(sql, values);
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) return (error as Error).message;
  }
  return changed;
}

describe('the first wall alone: rows of a tenant, for the superuser and without foreign keys', () => {
  it('neither finds, locks, lists, changes nor deletes what is another’s, and inserts into its own alone', async () => {
    const runner = database.source.createQueryRunner();
    await runner.startTransaction();
    try {
      const { manager } = runner;
      const mine = new TenantRows(manager, User, ours.world.workspace.id);
      const { id } = theirs.world.operator;
      const claimed = { id, workspaceId: theirs.world.workspace.id };
      expect(await mine.find(claimed)).toBeNull();
      expect(await mine.lock(claimed)).toBeNull();
      expect(await mine.list(claimed)).toEqual([]);
      expect(await mine.update(claimed, { displayName: 'taken' })).toBe(0);
      const hosts = new TenantRows(manager, Host, ours.world.workspace.id);
      expect(await hosts.delete({ workspaceId: theirs.world.workspace.id })).toBe(1);
      expect(await manager.countBy(Host, { workspaceId: theirs.world.workspace.id })).toBe(1);
      const row = { ...theirs.world.operator.row, id: newId(), email: 'new@example.com' };
      expect((await mine.insert(row)).workspaceId).toBe(ours.world.workspace.id);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  });
});

describe('the third wall alone: row-level security, with no condition in the statement and without foreign keys', () => {
  it('stands around every table of tenants, also before the owner', async () => {
    const open = (await tenantTables()).filter(({ isForced }) => !isForced);
    expect(open).toEqual([]);
    expect(tables.length).toBeGreaterThan(25);
  });

  it('shows each tenant its own rows of every table, and none of another', async () => {
    for (const table of tables.filter((name) => name !== 'outbox')) {
      const column = columnOf(table);
      const there = (stage: Stage) => [stage.world.workspace.id];
      const [{ n }] = await database.source.query<[{ n: number }]>(
        `select count(*)::int as n from ${table} where ${column} = $1`,
        there(ours),
      );
      expect([table, n > 0]).toEqual([table, true]);
      expect([table, await countOf(scopeOf(ours), `from ${table}`)]).toEqual([table, n]);
      expect([table, await countOf(scopeOf(ours), `from ${table} where ${column} = $1`, there(theirs))]).toEqual([
        table,
        0,
      ]);
    }
  });

  it('lets no tenant change or delete a row of another', async () => {
    for (const table of tables) {
      const column = columnOf(table);
      const where = `where ${column} = '${theirs.world.workspace.id}'`;
      for (const sql of [`update ${table} set ${column} = ${column} ${where}`, `delete from ${table} ${where}`]) {
        const result = await attempt(scopeOf(ours), sql);
        if (result !== 0) expect(result).toBe(`permission denied for table ${table}`);
      }
    }
  });

  it('lets no tenant write a row for another, by insert or by moving its own', async () => {
    for (const table of tables) {
      const column = columnOf(table);
      const rest = await columnsWithout(table, column);
      const foreign = await attempt(
        scopeOf(ours),
        `insert into ${table} (${[column, ...rest].join(', ')}) ${copyOf(table, rest)}`,
        [ours.world.workspace.id, theirs.world.workspace.id],
      );
      const refused = [
        `new row violates row-level security policy for table "${table}"`,
        `permission denied for table ${table}`,
      ];
      expect(refused).toContain(foreign);
      const moved = await attempt(scopeOf(ours), `update ${table} set ${column} = $1`, [theirs.world.workspace.id]);
      expect(refused).toContain(moved);
    }
  });

  it('shows a member of an organization nothing of what another organization of the workspace said', async () => {
    const { workspace, organization, otherOrganization } = ours.world;
    const tablesOfTalk = ['conversations', 'messages', 'handoffs', 'turns', 'inquiries', 'inquiry_answers'];
    for (const table of [...tablesOfTalk, 'conversation_reads', 'events']) {
      const scope = (organizationId: string): Scope => ({ workspaceId: workspace.id, organizationId });
      expect([table, (await countOf(scope(organization.id), `from ${table}`)) > 0]).toEqual([table, true]);
      expect([table, await countOf(scope(otherOrganization.id), `from ${table}`)]).toEqual([table, 0]);
    }
  });

  it('refuses a statement outside of every scope, whatever the table', async () => {
    for (const table of [...tables, 'event_log', 'event_consumers', 'server_secrets']) {
      await expect(application.query(`select from ${table}`)).rejects.toThrow(`permission denied for table ${table}`);
    }
  });

  it('gives the scope of the server what it needs and nothing that people write to each other in inquiries', async () => {
    const hidden = ['inquiries', 'inquiry_answers', 'conversation_reads', 'invitation_agents'];
    for (const table of hidden) {
      await expect(countOf(SERVER, `from ${table}`)).rejects.toThrow(`permission denied for table ${table}`);
    }
    expect(await countOf(SERVER, 'from workspaces')).toBe(2);
    expect(await attempt(SERVER, 'update users set permissions = permissions')).toBe(
      'permission denied for table users',
    );
    expect(await attempt(SERVER, 'delete from messages')).toBe('permission denied for table messages');
  });
});

describe('the role that Baton runs as', () => {
  it('is no superuser, owns nothing of the tables, and neither do the roles that it turns into', async () => {
    const [facts] = await application.query<unknown[]>(
      `select bool_or(r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb) as powerful, bool_or(r.rolinherit and r.rolname = current_user) as inherits,
         (select count(*)::int from pg_class c where c.relowner in (select oid from pg_roles where rolname = any ($1) or rolname = current_user)
           and c.relnamespace = 'public'::regnamespace) as owned
       from pg_roles r where r.rolname = any ($1) or r.rolname = current_user`,
      [['baton_tenant', 'baton_member', 'baton_server']],
    );
    expect(facts).toEqual({ powerful: false, inherits: false, owned: 0 });
    await expect(application.query('create table public.mine ()')).rejects.toThrow(
      /permission denied for schema public/,
    );
  });
});

async function columnsWithout(table: string, column: string): Promise<string[]> {
  const rows = await database.source.query<{ name: string }[]>(
    `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0
       and not attisdropped and attidentity = '' and attgenerated = '' and attname <> $2`,
    [table, column],
  );
  return rows.map(({ name }) => name);
}

/** Our row again, for them: the policy is asked before any unique index. $1: ours, $2: theirs. */
function copyOf(table: string, rest: readonly string[]): string {
  // Which a tenant may write and not read.
  if (table === 'outbox') return `select $2::uuid, 'MESSAGE_ADDED', null, null, null, null, $1::uuid, null, now()`;
  return `select $2::uuid, ${rest.join(', ')} from ${table} where ${columnOf(table)} = $1 limit 1`;
}
