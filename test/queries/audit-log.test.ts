import { newId } from '../../src/database/ids';
import { read } from '../../src/database/scope';
import type { AuditAction } from '../../src/domain/audit';
import { listAuditEntries } from '../../src/queries/audit-log';
import type { PageRequest } from '../../src/queries/keyset';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

const MANY = 3000;
/** Of 8 KiB: a page of three leads through an index to three rows; all entries are on sixty and more. */
const FEW_PAGES = 30;

const [workspace, organization] = [newId(), newId()];
let database: StageDatabase;

/** What was done often lies behind and ahead of what was done seldom. */
beforeAll(async () => {
  database = await openDatabase();
  await database.source.query(`
    insert into workspaces (id, slug, name) values ('${workspace}', 'logged', 'Logged');
    insert into organizations (id, workspace_id, slug, name) values ('${organization}', '${workspace}', 'client', 'Client');
    insert into audit_entries (id, workspace_id, organization_id, action, actor_kind, subject_kind, subject_id, created_at)
      select uuidv7(n * interval '1 second'), '${workspace}', '${organization}',
        case when n in (5, 9, ${MANY}) then 'AGENT_UPDATED' when n = 7 then 'AGENT_CREATED' else 'SIGNED_IN' end, 'SYSTEM',
        'SESSION', gen_random_uuid(), now() + n * interval '1 second'
      from generate_series(1, ${MANY}) n;
    analyze audit_entries`);
});
afterAll(() => database.close());

interface Reading {
  readonly actions: string[];
  readonly pages: number;
}

/** One page as somebody in that scope reads it, and how much of the table PostgreSQL has touched for it. */
async function readLog(
  owner: { organizationId: string } | { workspaceId: string },
  actions: readonly AuditAction[] | null,
  request: PageRequest,
): Promise<Reading & { readonly cursor: string }> {
  return read(database.source, { workspaceId: workspace }, async (manager) => {
    const query = jest.spyOn(manager, 'query');
    const { rows } = await listAuditEntries(manager, owner, actions, request);
    const [[sql, parameters] = ['', []]] = query.mock.calls;
    query.mockRestore();
    const [plan] = await manager.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }[]>(
      `explain (analyze, buffers, format json) ${sql}`,
      parameters,
    );
    const { 'Shared Hit Blocks': hit = NaN, 'Shared Read Blocks': fresh = NaN } = plan!['QUERY PLAN'][0]!.Plan;
    return { actions: rows.map(({ row }) => row.action), pages: hit + fresh, cursor: rows.at(-1)?.cursor ?? '' };
  });
}

describe('listAuditEntries', () => {
  it.each([
    ['an organization', { organizationId: organization }],
    ['a workspace', { workspaceId: workspace }],
  ])('finds a rare action of %s without reading what else was done', async (_whose, owner) => {
    const found = await readLog(owner, ['AGENT_UPDATED'], { first: 20 });
    expect(found.actions).toHaveLength(3);
    expect(found.pages).toBeLessThan(FEW_PAGES);
  });

  it('puts several actions into one order, over the end of a page', async () => {
    const wanted: AuditAction[] = ['AGENT_CREATED', 'AGENT_UPDATED'];
    const first = await readLog({ organizationId: organization }, wanted, { first: 2 });
    const rest = await readLog({ organizationId: organization }, wanted, { first: 20, after: first.cursor });
    expect([...first.actions, '…', ...rest.actions]).toEqual([
      'AGENT_UPDATED',
      'AGENT_UPDATED',
      '…',
      'AGENT_CREATED',
      'AGENT_UPDATED',
    ]);
  });

  it('finds nothing for no action, and everything without a choice', async () => {
    const owner = { organizationId: organization };
    expect((await readLog(owner, [], { first: 5 })).actions).toEqual([]);
    expect((await readLog(owner, null, { first: 2 })).actions).toEqual(['AGENT_UPDATED', 'SIGNED_IN']);
  });
});
