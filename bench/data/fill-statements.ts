/** Statements that fill one workspace; what they are told is in settings named `fill.…`. Run them in this order. */

export const PEOPLE = `
insert into workspaces (id, slug, name)
select current_setting('fill.workspace')::uuid, 'w' || left(current_setting('fill.workspace'), 8), 'Large';

drop table if exists fill_organizations, fill_agents, fill_seeds, fill_sentences;
create temp table fill_organizations as
  select n, uuidv7() as id from generate_series(1, current_setting('fill.organizations')::int) n;
insert into organizations (id, workspace_id, slug, name)
  select id, current_setting('fill.workspace')::uuid, 'o' || n, 'Organization ' || n from fill_organizations;

-- Two agents an organization, and the rare one in the first.
create temp table fill_agents as
  select o.n as organization, a as n, uuidv7() as id, o.id as organization_id from fill_organizations o, generate_series(0, 1) a
  union all
  select 1, 2, current_setting('fill.rare_agent')::uuid, id from fill_organizations where n = 1;
insert into agents (id, workspace_id, organization_id, display_name, public_key, handoff_title, handoff_subtitle, announcements)
  select id, current_setting('fill.workspace')::uuid, organization_id, 'Agent ' || n, 'pk_' || id, 'Talk to a person', 'Soon', '{}'
  from fill_agents;

insert into users (id, workspace_id, workspace_role, email, display_name, password_hash)
  select current_setting('fill.owner')::uuid, current_setting('fill.workspace')::uuid, 'OWNER', 'owner@example.com', 'Owner', '-';
insert into users (id, workspace_id, organization_id, email, display_name, password_hash)
  select case when n = 1 and member = 1 then current_setting('fill.operator')::uuid else uuidv7() end, current_setting('fill.workspace')::uuid,
    id, 'operator.' || n || '.' || member || '@example.com', 'Operator ' || n, '-'
  from fill_organizations join generate_series(1, 2000) member on true where fill_organizations.n = 1 or member <= 20;
`;

/** One row a conversation: whose it is, when it began and in which state it is. The newest are not all of one kind. */
export const SEEDS = `
create temp table fill_seeds as
with numbered as (
  select n, case when n % 2 = 0 then 1 else 1 + (n / 2) % current_setting('fill.organizations')::int end as organization,
    now() - interval '1 minute' - (current_setting('fill.conversations')::int - n) * (interval '1 year' / current_setting('fill.conversations')::int) as at,
    case when n % 5000 = 2 then 'REQUESTED' when n % 2000 = 4 then 'ACCEPTED' when n % 50 = 6 then 'UNANSWERED'
      when n % 10 = 8 then 'RESOLVED' end as state
  from generate_series(1, current_setting('fill.conversations')::int) n
)
select s.n, uuidv7(s.at - now()) as id, uuidv7(s.at - now()) as visitor_id, uuidv7(s.at - now()) as handoff_id,
  a.organization_id, a.id as agent_id, s.at, s.state, s.state in ('REQUESTED', 'ACCEPTED') or s.n % 20 = 10 as is_open,
  s.n = current_setting('fill.conversations')::int / 4 * 2 as is_long,
  current_setting('fill.each')::int as messages
from numbered s
join fill_agents a on a.organization = s.organization and a.n = case when s.n % 1000 = 0 then 2 else (s.n / 4) % 2 end;
update fill_seeds set messages = current_setting('fill.long')::int where is_long;

-- Twenty thousand texts of about 200 signs, of words as unequal in number as those of a language are.
create temp table fill_sentences as
  select s as n, (select string_agg((select substr(md5((power(random(), 4) * 20000)::int::text), 1, 3 + (w * s) % 7) where w > 0), ' ')
    from generate_series(1, 30) w where s > 0) as text
  from generate_series(1, 20000) s;
create index on fill_sentences (n);
analyze fill_seeds; analyze fill_sentences;
`;

export const TALK = `
insert into visitors (id, workspace_id, agent_id, display_name, email, resume_token_hash, created_at)
  select visitor_id, current_setting('fill.workspace')::uuid, agent_id, 'Visitor ' || n,
    case when n % 3 = 0 then 'v' || n || '@example.com' end, sha256(visitor_id::text::bytea), at
  from fill_seeds;

insert into conversations (id, workspace_id, organization_id, agent_id, visitor_id, idempotency_key, status, controller,
    operator_id, handoff_id, handoff_state, last_sequence, last_message_at, waiting_since, created_at, closed_at)
  select id, current_setting('fill.workspace')::uuid, organization_id, agent_id, visitor_id, n::text,
    case when is_open then 'OPEN' else 'CLOSED' end,
    case when state = 'ACCEPTED' then 'HUMAN' when is_open and state is null then 'AI' else 'NONE' end,
    case when state = 'ACCEPTED' then current_setting('fill.operator')::uuid end,
    case when state is not null then handoff_id end, state, messages, at + interval '1 second' * messages,
    case when state = 'REQUESTED' then at end, at, case when not is_open then now() end
  from fill_seeds;

insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, created_at)
  select uuidv7(c.at + interval '1 second' * s - now()), current_setting('fill.workspace')::uuid, c.id, s, 'TEXT',
    case when s % 2 = 1 then 'VISITOR' else 'AI' end, t.text || ' order' || c.n || case when s = 1 then ' hello' else '' end,
    c.at + interval '1 second' * s
  from fill_seeds c cross join lateral generate_series(1, c.messages) s
  join fill_sentences t on t.n = 1 + (c.n::bigint * 31 + s * 17) % 20000;
`;

export const HISTORY = `
insert into handoffs (id, workspace_id, organization_id, conversation_id, agent_id, state, origin, requested_at,
    requested_sequence, answer_by, accepted_at, accepted_by_id, ended_at)
  select handoff_id, current_setting('fill.workspace')::uuid, organization_id, id, agent_id, state, 'VISITOR', at, 1,
    case when state = 'REQUESTED' then now() end,
    case when state in ('ACCEPTED', 'RESOLVED') then at end,
    case when state in ('ACCEPTED', 'RESOLVED') then current_setting('fill.operator')::uuid end,
    case when state in ('RESOLVED', 'UNANSWERED') then at end
  from fill_seeds where state is not null;

-- Most were answered or closed; what is open is rare, and who has one has few.
insert into inquiries (id, workspace_id, organization_id, conversation_id, agent_id, handoff_id, email, text, idempotency_key, created_at,
    last_message_at, state, assignee_id)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, organization_id, id, agent_id, handoff_id,
    'v' || n || '@example.com', 'Call me.', 'i', at, at + interval '1 hour' * (n % 7),
    case when n % 100 = 56 then 'OPEN' when n % 20 = 8 then 'ANSWERED' else 'CLOSED' end,
    case when n % 200 = 8 then current_setting('fill.operator')::uuid end
  from fill_seeds where state in ('UNANSWERED', 'RESOLVED');

insert into conversation_reads (workspace_id, conversation_id, reader_id, sequence)
  select current_setting('fill.workspace')::uuid, id, current_setting('fill.operator')::uuid, messages
  from (select * from fill_seeds where organization_id = (select id from fill_organizations where n = 1) order by n desc limit 2000) newest;

insert into notifications (id, workspace_id, user_id, kind, subject_id, conversation_id, title, body, created_at)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, current_setting('fill.operator')::uuid,
    'HANDOFF_REQUESTED', handoff_id, id, 'Somebody waits', 'Hello', at
  from fill_seeds where state = 'RESOLVED';

insert into audit_entries (id, workspace_id, organization_id, action, actor_kind, actor_id, subject_kind, subject_id, created_at)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, organization_id, 'CONVERSATION_CLOSED', 'USER',
    current_setting('fill.operator')::uuid, 'conversation', id, at
  from fill_seeds where state = 'RESOLVED';

insert into events (position, name, workspace_id, organization_id, agent_id, conversation_id, subject_id, occurred_at)
  select (select coalesce(max(position), 0) from events) + row_number() over (order by c.at), 'MESSAGE_ADDED',
    current_setting('fill.workspace')::uuid, c.organization_id, c.agent_id, c.id, c.visitor_id, c.at
  from fill_seeds c cross join generate_series(1, 2) s;
update event_log set position = (select max(position) from events);
`;
