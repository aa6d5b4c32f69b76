import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes that have each list in its order (docs/adr/0021), and a search that uses an index behind row-level security
 * (docs/adr/0022).
 *
 * On a large installation `create index` holds up writers while it runs. Whoever cannot stop may make the same indexes
 * beforehand, by the same names, with `create index concurrently`: they are skipped here.
 */
export class IndexListsAndSearch1795300000000 implements MigrationInterface {
  readonly name = 'IndexListsAndSearch1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [LISTS, EXTENSIONS, TEXTS, SEARCHER, SEARCH]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant baton_search to current_user;
      drop function search_conversations(text, integer);
      drop policy search on conversations;
      drop policy search on messages;
      drop policy search on visitors;
      revoke all on conversations, messages, visitors from baton_search;
      revoke usage on schema public from baton_search;
      revoke baton_search from current_user;
      drop index messages_text, visitors_text;
      drop index conversations_of_organization_by_id, conversations_open_of_organization, conversations_open_of_workspace,
        conversations_of_agent, conversations_of_agent_by_id, conversations_of_organization_by_handoff,
        conversations_of_workspace_by_handoff, conversations_of_operator, conversations_waiting_of_workspace,
        handoffs_open_of_organization, handoffs_open_of_workspace, inquiries_open_of_organization,
        inquiries_open_of_workspace, users_of_staff`);
  }
}

const LISTS = `
-- By the time at which a conversation began. Of the workspace: its unique (workspace_id, id).
create index if not exists conversations_of_organization_by_id on conversations (organization_id, id);
-- Conversations end: what is open is a small part of all, however many there are.
create index if not exists conversations_open_of_organization on conversations (organization_id, id) where status = 'OPEN';
create index if not exists conversations_open_of_workspace on conversations (workspace_id, id) where status = 'OPEN';
create index if not exists conversations_of_agent on conversations (agent_id, status, last_message_at desc, id desc);
create index if not exists conversations_of_agent_by_id on conversations (agent_id, id);
-- Most conversations never have a handoff, and cost nothing here.
create index if not exists conversations_of_organization_by_handoff on conversations (organization_id, handoff_state, last_message_at desc, id desc) where handoff_state is not null;
create index if not exists conversations_of_workspace_by_handoff on conversations (workspace_id, handoff_state, last_message_at desc, id desc) where handoff_state is not null;
-- Few: a person has it now, or it waits for one.
create index if not exists conversations_of_operator on conversations (workspace_id, operator_id) where operator_id is not null;
create index if not exists conversations_waiting_of_workspace on conversations (workspace_id, waiting_since, id) where waiting_since is not null;
create index if not exists handoffs_open_of_organization on handoffs (organization_id, id) where state in ('REQUESTED', 'ACCEPTED');
create index if not exists handoffs_open_of_workspace on handoffs (workspace_id, id) where state in ('REQUESTED', 'ACCEPTED');
create index if not exists inquiries_open_of_organization on inquiries (organization_id, id) where state = 'OPEN';
create index if not exists inquiries_open_of_workspace on inquiries (workspace_id, id) where state = 'OPEN';
create index if not exists users_of_staff on users (workspace_id, id) where workspace_role is not null;
`;

const EXTENSIONS = `
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
`;

const TEXTS = `
-- With the workspace, so that a small tenant does not read through what a large one wrote.
create index if not exists messages_text on messages using gin (workspace_id, text gin_trgm_ops);
create index if not exists visitors_text on visitors using gin (workspace_id, display_name gin_trgm_ops, email gin_trgm_ops);
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
