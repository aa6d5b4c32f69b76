import type { DataSource } from 'typeorm';
import { explainList } from '../../bench/data/explain-list';
import { read } from '../../src/database/scope';
import type { Principal } from '../../src/domain/actor';
import { type ConversationOwner, countConversations, listConversations } from '../../src/queries/conversations';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';

const CONVERSATIONS = 6000;
/** Four a conversation: more than ids are handed out for. */
const MESSAGES = 24_000;
const NEEDLE_IN = 77;

let database: StageDatabase;
let application: DataSource;
let world: World;
beforeAll(async () => {
  database = await openDatabase();
  application = await database.openApplication();
  world = await createWorld(database.source);
  const { workspace, agent } = world;
  await database.source.query(
    `with seeds as (select n, gen_random_uuid() as id, gen_random_uuid() as visitor_id from generate_series(1, ${CONVERSATIONS}) n),
     people as (insert into visitors (id, workspace_id, agent_id, display_name, resume_token_hash)
       select visitor_id, $1, $2, 'Somebody', sha256(visitor_id::text::bytea) from seeds),
     talks as (insert into conversations (id, workspace_id, organization_id, agent_id, visitor_id, idempotency_key, last_sequence)
       select id, $1, $3, $2, visitor_id, n::text, 4 from seeds)
     insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, created_at)
       select gen_random_uuid(), $1, id, sequence, 'TEXT', 'VISITOR', 'everywhere ' || case sequence when 1
         then repeat(md5(n::text) || ' ', 12) || case n when ${NEEDLE_IN} then ' needle' else '' end else '' end, now()
       from seeds, generate_series(1, 4) sequence`,
    [workspace.id, agent.id, agent.organizationId],
  );
  // As autovacuum does: what was written last waits in a list that each search reads through.
  await database.source.query('vacuum (analyze) messages, visitors, conversations');
});
afterAll(async () => {
  await database.close();
});

describe('among many messages', () => {
  it('a rare word is found by the index, whatever the scope', async () => {
    const organization = { organizationId: world.organization.id };
    const viewers: [Principal, ConversationOwner, number][] = [
      [world.owner.principal, { workspaceId: world.workspace.id }, 1],
      [world.owner.principal, organization, 1],
      [world.owner.principal, { organizationId: world.otherOrganization.id }, 0],
      [world.operator.principal, organization, 1],
    ];
    for (const [principal, owner, count] of viewers) {
      const [page, counted] = await read(application, principal, async (manager) => [
        await listConversations(manager, principal, owner, { search: 'Needle' }, null, { first: 100 }),
        await countConversations(manager, principal, owner, { search: 'Needle' }),
      ]);
      expect(counted).toBe(count);
      expect(page.rows.map(({ row }) => row.idempotencyKey)).toEqual(count === 1 ? [String(NEEDLE_IN)] : []);
    }
    const plan = await explained('%needle%');
    expect(plan).toContain('messages_text');
    expect(plan).not.toContain('Seq Scan on messages');
  });

  it('the tenant’s own role would not get to look the text up there', async () => {
    const text = /Index Cond: [^"]*~~\*/;
    expect(await explained('%needle%')).toMatch(text);
    const rows = await read(application, world.owner.principal, async (manager) => {
      await manager.query('set local enable_seqscan = off');
      return manager.query<unknown>(`explain select from messages where text ilike '%needle%'`);
    });
    expect(JSON.stringify(rows)).not.toMatch(text);
  });

  it('a word of more messages than ids are handed out for is found along the list, which is not read to its end', async () => {
    const { principal } = world.operator;
    const [row] = await read(application, principal, (manager) =>
      manager.query<{ ids: unknown }[]>(`select search_conversations('%everywhere%', ${MESSAGES - 1}) as ids`),
    );
    expect(row!.ids).toBeNull();
    const owner = { organizationId: world.organization.id };
    const pages: number[] = [];
    const { plans, scans, rows } = await explainList(application, {
      name: 'everywhere',
      scope: principal,
      read: async (manager) => {
        const page = await listConversations(manager, principal, owner, { search: 'EVERYWHERE' }, null, { first: 100 });
        pages.push(page.rows.length);
        expect(page.hasNextPage).toBe(true);
      },
    });
    expect(pages).toEqual([100, 100, 100]);
    // By the text itself, not by ids.
    expect(plans.join()).toContain('(text ~~*');
    expect(plans.join()).not.toContain('hashed SubPlan');
    expect(scans).toEqual([]);
    expect(rows).toBeLessThan(CONVERSATIONS);
  });
});

/** How the function itself reads: its first statement, as the role that it runs as. */
async function explained(pattern: string): Promise<string> {
  const runner = database.source.createQueryRunner();
  await runner.query('begin; set local role baton_search');
  const rows: unknown = await runner.query(
    `explain select m.conversation_id from messages m where m.workspace_id = '${world.workspace.id}' and m.text ilike '${pattern}' limit 20001`,
  );
  await runner.query('rollback');
  await runner.release();
  return JSON.stringify(rows);
}
