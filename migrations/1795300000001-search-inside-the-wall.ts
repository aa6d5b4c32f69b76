import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A search that uses an index behind row-level security: docs/adr/0022. Its indexes, too, may be made beforehand. */
export class SearchInsideTheWall1795300000001 implements MigrationInterface {
  readonly name = 'SearchInsideTheWall1795300000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [TEXTS, SEARCHER, SEARCH]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The extensions stay: somebody else may use them by now.
    await runner.query(`
      grant baton_search to current_user;
      drop function search_conversations(text, integer);
      revoke baton_search from current_user;
      drop policy search on conversations;
      drop policy search on messages;
      drop policy search on visitors;
      revoke all on conversations, messages, visitors from baton_search;
      revoke usage on schema public from baton_search;
      alter table messages reset (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
      drop index messages_text, visitors_text`);
  }
}

// With the workspace, so that a small tenant does not read through what a large one wrote. A new message only waits in
// the index's list; autovacuum merges the list whenever it analyzes the table. A send that had to would take seconds.
const TEXTS = `
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create index if not exists messages_text on messages using gin (workspace_id, text gin_trgm_ops) with (gin_pending_list_limit = 32768);
create index if not exists visitors_text on visitors using gin (workspace_id, display_name gin_trgm_ops, email gin_trgm_ops);
alter table messages set (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
`;

// What the function below runs as, and nobody else: it sees these columns of every workspace. A policy that is true for
// all rows is no part of a plan, so conditions of functions that are not leakproof may use an index.
const SEARCHER = `
grant usage on schema public to baton_search;
grant select (id, workspace_id, organization_id, visitor_id) on conversations to baton_search;
grant select (workspace_id, conversation_id, text) on messages to baton_search;
grant select (id, workspace_id, display_name, email) on visitors to baton_search;
create policy search on conversations for select to baton_search using (true);
create policy search on messages for select to baton_search using (true);
create policy search on visitors for select to baton_search using (true);
`;

// Takes its tenant from the transaction's scope, as the policies do, and refuses to run without one. Only the role of
// the tenant itself is for all organizations; whatever else calls needs one organization in its scope.
const SEARCH = `
create function search_conversations(pattern text, many integer) returns uuid[]
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  workspace constant uuid not null := current_setting('baton.workspace_id')::uuid;
  is_staff constant boolean not null := current_setting('role') = 'baton_tenant';
  organization uuid;
  with_text uuid[];
  with_visitor uuid[];
begin
  if not is_staff then organization := current_setting('baton.organization_id')::uuid; end if;
  with_text := array(select m.conversation_id from messages m
    where m.workspace_id = workspace and m.text ilike pattern limit many + 1);
  with_visitor := array(select v.id from visitors v
    where v.workspace_id = workspace and (v.display_name ilike pattern or v.email ilike pattern) limit many + 1);
  if cardinality(with_text) > many or cardinality(with_visitor) > many then return null; end if;
  return array(
    select c.id from conversations c
    where c.id = any (with_text) and c.workspace_id = workspace and (is_staff or c.organization_id = organization)
    union
    select c.id from conversations c
    where c.visitor_id = any (with_visitor) and c.workspace_id = workspace and (is_staff or c.organization_id = organization));
end
$$;
comment on function search_conversations is
  'Ids of the conversations of the scope that contain the pattern in a message, or in the name or address of the visitor. Null: more than \`many\` messages or visitors do.';
revoke execute on function search_conversations(text, integer) from public;
grant execute on function search_conversations(text, integer) to baton_tenant;
-- Who gives it away has to be a member for that moment, and the new owner may create in the schema.
grant baton_search to current_user;
grant create on schema public to baton_search;
alter function search_conversations(text, integer) owner to baton_search;
revoke create on schema public from baton_search;
revoke baton_search from current_user;
`;
