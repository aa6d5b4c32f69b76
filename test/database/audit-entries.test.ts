import type { DataSource } from 'typeorm';
import { audit } from '../../src/commands/audit/audit';
import { read, SERVER, type Scope } from '../../src/database/scope';
import { sqlStateOf, transact } from '../../src/database/transact';
import { SYSTEM } from '../../src/domain/audit';
import { AuditEntry } from '../../src/entities/audit-entry';
import { openDatabase } from '../commands/identity/open-database';
import { createWorld, type World } from '../support/world';

let database: Awaited<ReturnType<typeof openDatabase>>;
let source: DataSource;
let world: World;
let foreign: World;
beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
  [world, foreign] = [await createWorld(source), await createWorld(source)];
  for (const { organization, otherOrganization } of [world, foreign]) {
    for (const { id, workspaceId } of [organization, otherOrganization]) await write({ workspaceId }, workspaceId, id);
    await write({ workspaceId: organization.workspaceId }, organization.workspaceId, null);
  }
});
afterAll(() => database.close());

const INSUFFICIENT_PRIVILEGE = '42501';

function write(
  { workspaceId: scope, ...rest }: { readonly workspaceId: string; readonly organizationId?: string | null },
  workspaceId: string,
  organizationId: string | null,
): Promise<void> {
  const subject = { id: organizationId ?? workspaceId, workspaceId, organizationId };
  const within = { workspaceId: scope, organizationId: rest.organizationId };
  return transact(database, within, (transaction) => audit(transaction, SYSTEM, 'ORGANIZATION_UPDATED', subject));
}

const stateOf = (work: Promise<unknown>): Promise<string | null> => work.then(() => null, sqlStateOf);
const count = (): Promise<number> => source.manager.count(AuditEntry);

describe('the audit log under the powers of the application', () => {
  it.each([
    ['changed', 'update audit_entries set action = action'],
    ['deleted', 'delete from audit_entries'],
    ['emptied', 'truncate audit_entries'],
    ['freed of its policy', 'alter table audit_entries disable row level security'],
  ])('cannot be %s: not within a tenant, and not across all', async (_how, sql) => {
    const before = await count();
    const { workspaceId } = world.organization;
    for (const scope of [{ workspaceId }, world.manager.principal, SERVER] satisfies Scope[]) {
      const state = await stateOf(transact(database, scope, ({ manager }) => manager.query(sql)));
      expect(state).toBe(INSUFFICIENT_PRIVILEGE);
    }
    expect(await count()).toBe(before);
    expect(before).toBe(6);
  });

  it('may forget who a visitor was, and nothing else of anything', async () => {
    const { workspaceId, id: organizationId } = world.organization;
    const scope = { workspaceId };
    const visitor = { kind: 'VISITOR', visitorId: world.visitor.id, address: '198.51.100.9', userAgent: 'W' } as const;
    const subject = { ...world.conversation, organizationId };
    await transact(database, scope, (transaction) => audit(transaction, visitor, 'HANDOFF_REQUESTED', subject));
    const run = (set: string, where: string): Promise<unknown> =>
      stateOf(
        transact(database, scope, ({ manager }) => manager.query(`update audit_entries set ${set} where ${where}`)),
      );
    const blank = 'actor_id = null, address = null, user_agent = null';
    const before = await source.query<unknown[]>(
      `select * from audit_entries where actor_kind <> 'VISITOR' order by id`,
    );
    expect(await run(blank, `actor_kind <> 'VISITOR'`)).toBeNull();
    expect(await source.query(`select * from audit_entries where actor_kind <> 'VISITOR' order by id`)).toEqual(before);
    expect(await run(`address = '192.0.2.1'`, `actor_kind = 'VISITOR'`)).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await run(`subject_id = workspace_id`, `actor_kind = 'VISITOR'`)).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await run(blank, `actor_kind = 'VISITOR'`)).toBeNull();
    const rows = await source.manager.findBy(AuditEntry, { actorKind: 'VISITOR' });
    expect(rows).toMatchObject([{ actorId: null, address: null, userAgent: null, subjectId: world.conversation.id }]);
    await source.manager.delete(AuditEntry, { actorKind: 'VISITOR' });
  });

  it('shows a workspace its own entries, a member those of its organization, and the server as such none', async () => {
    const { workspaceId, id } = world.organization;
    const seen = (scope: Scope): Promise<(string | null)[]> =>
      read(source, scope, async (manager) => {
        const rows = await manager.find(AuditEntry);
        expect(new Set(rows.map((row) => row.workspaceId))).toEqual(new Set([workspaceId]));
        return rows.map(({ organizationId }) => organizationId).sort();
      });
    expect(await seen(world.manager.principal)).toEqual([id]);
    expect(await seen(world.owner.principal)).toEqual([id, world.otherOrganization.id, null].sort());
    expect(await stateOf(read(source, SERVER, (manager) => manager.find(AuditEntry)))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it('takes no entry for another workspace, nor by a member for another organization', async () => {
    const { workspaceId, id } = world.organization;
    expect(await stateOf(write({ workspaceId }, foreign.workspace.id, null))).toBe(INSUFFICIENT_PRIVILEGE);
    const member = { workspaceId, organizationId: id };
    expect(await stateOf(write(member, workspaceId, world.otherOrganization.id))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await stateOf(write(member, workspaceId, null))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await stateOf(write(member, workspaceId, id))).toBeNull();
  });
});
