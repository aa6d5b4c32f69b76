import type { DataSource } from 'typeorm';
import { read, type Scope, SERVER } from '../../src/database/scope';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';

let database: StageDatabase;
/** Of the role that Baton runs as. */
let application: DataSource;
let worlds: readonly [World, World];

beforeAll(async () => {
  database = await openDatabase();
  application = await database.openApplication();
  worlds = [await createWorld(database.source), await createWorld(database.source)];
  // Everybody is named the same, in every organization and workspace.
  await database.source.query(`update visitors set display_name = 'number one'`);
});
afterAll(async () => {
  await database.close();
});

describe('the function behind the search', () => {
  const call = (scope: Scope): Promise<unknown> =>
    read(application, scope, (manager) => manager.query(`select search_conversations('%number%', 5000) as ids`));

  it('is there for tenants alone', async () => {
    await expect(call(SERVER)).rejects.toThrow(/permission denied/);
    await expect(application.query(`select search_conversations('%number%', 5000)`)).rejects.toThrow(
      /permission denied/,
    );
  });

  it('refuses a member without an organization, and anybody without a workspace', async () => {
    const workspace = `set local baton.workspace_id = '${worlds[0].workspace.id}'`;
    for (const scope of [`set local role baton_member; ${workspace}`, 'set local role baton_tenant']) {
      const runner = application.createQueryRunner();
      await runner.query(`begin; ${scope}`);
      await expect(runner.query(`select search_conversations('%number%', 5000)`)).rejects.toThrow(
        /unrecognized configuration parameter|invalid input syntax for type uuid/,
      );
      await runner.query('rollback');
      await runner.release();
    }
  });

  it('itself names no conversation beyond the scope', async () => {
    const [ours, theirs] = worlds;
    const idsOf = async (scope: Scope): Promise<string[]> => ((await call(scope)) as { ids: string[] }[])[0]!.ids;
    const organizationsOf = async (ids: string[]): Promise<unknown[]> =>
      database.source.query<unknown[]>(
        'select distinct workspace_id, organization_id from conversations where id = any ($1)',
        [ids],
      );
    const { workspace, organization } = ours;
    const member = await idsOf({ workspaceId: workspace.id, organizationId: organization.id });
    expect(await organizationsOf(member)).toEqual([{ workspace_id: workspace.id, organization_id: organization.id }]);
    const staff = await idsOf({ workspaceId: theirs.workspace.id });
    expect(staff.length).toBeGreaterThan(0);
    const [{ n }] = await database.source.query<[{ n: number }]>(
      'select count(*)::int as n from conversations where id = any ($1) and workspace_id <> $2',
      [staff, theirs.workspace.id],
    );
    expect(n).toBe(0);
  });

  it('belongs to a role that nobody turns into and that owns and writes nothing else', async () => {
    const [facts] = await database.source.query<unknown[]>(
      `select r.rolname as owner, p.prosecdef as definer, r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole as powerful,
         (select count(*)::int from pg_auth_members m where m.roleid = r.oid and m.set_option) as members,
         (select count(*)::int from pg_class c where c.relowner = r.oid) as owned,
         has_schema_privilege(r.oid, 'public', 'create') as creates,
         has_any_column_privilege(r.oid, 'conversations', 'insert, update') or has_any_column_privilege(r.oid, 'messages', 'insert, update')
           or has_any_column_privilege(r.oid, 'visitors', 'insert, update') as writes
       from pg_proc p join pg_roles r on r.oid = p.proowner where p.proname = 'search_conversations'`,
    );
    expect(facts).toEqual({
      owner: 'baton_search',
      definer: true,
      powerful: false,
      members: 0,
      owned: 0,
      creates: false,
      writes: false,
    });
  });
});
