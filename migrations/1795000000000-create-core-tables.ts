import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tenancy is structural from the first table on: each tenant table carries `workspace_id`, and every reference between
 * tenant tables is a composite foreign key that includes it. A row of one workspace can therefore never point at a row
 * of another one, whatever the code above does.
 *
 * Lists are read by keyset. Ids are UUIDv7, so "newest first" is "id desc", and (owner, id) is the index of a plain list.
 */
export class CreateCoreTables1795000000000 implements MigrationInterface {
  readonly name = 'CreateCoreTables1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [TENANTS, AGENTS, VISITORS, CREDENTIALS, CONVERSATIONS, MESSAGES, TURNS, INQUIRIES]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table inquiry_answers, inquiries, turns, conversation_reads, messages, handoffs, conversations, api_keys,
        visitor_sessions, sessions, visitors, user_agents, agents, users, organizations, workspaces cascade`);
  }
}

const TENANTS = `
create table workspaces (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  branding jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table organizations (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  slug text not null,
  name text not null,
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  branding jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, slug)
);

create table users (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  organization_id uuid,
  workspace_role text check (workspace_role in ('OWNER', 'ADMIN')),
  email text not null,
  display_name text not null,
  avatar_url text,
  password_hash text not null,
  permissions text[] not null default '{}',
  limited_to_agents boolean not null default false,
  available boolean not null default true,
  last_active_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  -- Staff have a role and no organization; members have an organization and no role.
  check ((workspace_role is null) <> (organization_id is null)),
  check (permissions <@ array['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS', 'MANAGE_AGENT_SETTINGS', 'MANAGE_MEMBERS', 'MANAGE_ORGANIZATION'])
);
create unique index users_email on users (workspace_id, lower(email));
create index users_by_email on users (lower(email));
create index users_of_organization on users (organization_id, id);
`;

const AGENTS = `
create table agents (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  organization_id uuid,
  display_name text not null,
  avatar_url text,
  public_key text not null unique,
  allowed_origins text[] not null default '{}',
  identity_verification_required boolean not null default false,
  handoff_enabled boolean not null default false,
  fixed_popup boolean not null default false,
  offer_when_offline boolean not null default true,
  handoff_title text not null,
  handoff_subtitle text not null,
  request_timeout_seconds integer not null default 300 check (request_timeout_seconds between 1 and 86400),
  while_waiting text not null default 'AI_SILENT' check (while_waiting in ('AI_SILENT', 'AI_ANSWERS')),
  ai_may_request boolean not null default true,
  announcements jsonb not null,
  responder_kind text not null default 'NONE' check (responder_kind in ('NONE', 'SCRIPTED', 'OPENAI_COMPATIBLE', 'WEBHOOK', 'API')),
  responder_url text,
  responder_model text,
  responder_instructions text,
  responder_secret text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id)
);
create index agents_of_organization on agents (organization_id, id);

create table user_agents (
  workspace_id uuid not null,
  user_id uuid not null,
  agent_id uuid not null,
  primary key (user_id, agent_id),
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade,
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index user_agents_of_agent on user_agents (agent_id);
`;

const VISITORS = `
create table visitors (
  id uuid primary key,
  workspace_id uuid not null,
  agent_id uuid not null,
  display_name text not null,
  email text,
  locale text,
  is_verified boolean not null default false,
  resume_token_hash bytea not null unique,
  last_active_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, agent_id, id),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id)
);
`;

const CREDENTIALS = `
create table sessions (
  id uuid primary key,
  workspace_id uuid not null,
  user_id uuid not null,
  token_hash bytea not null unique,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);
create index sessions_of_user on sessions (user_id, id);

create table visitor_sessions (
  id uuid primary key,
  workspace_id uuid not null,
  visitor_id uuid not null,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade
);
create index visitor_sessions_of_visitor on visitor_sessions (visitor_id, id);

create table api_keys (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  agent_id uuid,
  name text not null,
  prefix text not null unique,
  secret_hash bytea not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id)
);
`;

const CONVERSATIONS = `
create table conversations (
  id uuid primary key,
  workspace_id uuid not null,
  -- The organization at the time the conversation began: a later move of the agent must not show one client's
  -- transcripts to another.
  organization_id uuid,
  agent_id uuid not null,
  visitor_id uuid not null,
  idempotency_key text not null,
  status text not null default 'OPEN' check (status in ('OPEN', 'CLOSED')),
  controller text not null default 'AI' check (controller in ('AI', 'HUMAN', 'NONE')),
  control_epoch integer not null default 1,
  operator_id uuid,
  -- The newest handoff and its state; it is open while REQUESTED or ACCEPTED.
  handoff_id uuid,
  handoff_state text check (handoff_state in ('REQUESTED', 'ACCEPTED', 'RETURNED', 'RESOLVED', 'UNANSWERED', 'CANCELLED')),
  last_sequence integer not null default 0,
  -- Equals created_at until the first message, so that every order by it is total.
  last_message_at timestamptz not null default now(),
  waiting_since timestamptz,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  version integer not null default 1,
  unique (workspace_id, id),
  unique (visitor_id, idempotency_key),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  foreign key (workspace_id, agent_id, visitor_id) references visitors (workspace_id, agent_id, id),
  foreign key (workspace_id, operator_id) references users (workspace_id, id),
  -- A person is named exactly while a person is in control.
  check ((controller = 'HUMAN') = (operator_id is not null)),
  check ((controller = 'HUMAN') = (coalesce(handoff_state, '') = 'ACCEPTED')),
  check ((waiting_since is not null) = (coalesce(handoff_state, '') = 'REQUESTED')),
  check (status = 'OPEN' or controller = 'NONE')
);
create index conversations_of_organization on conversations (organization_id, status, last_message_at desc, id desc);
create index conversations_of_workspace on conversations (workspace_id, status, last_message_at desc, id desc);
create index conversations_waiting on conversations (organization_id, waiting_since, id) where waiting_since is not null;
create index conversations_of_visitor on conversations (visitor_id, last_message_at desc, id desc);

create table handoffs (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid,
  conversation_id uuid not null,
  agent_id uuid not null,
  state text not null check (state in ('REQUESTED', 'ACCEPTED', 'RETURNED', 'RESOLVED', 'UNANSWERED', 'CANCELLED')),
  origin text not null check (origin in ('VISITOR', 'AI', 'OPERATOR')),
  reason text,
  summary text,
  requested_at timestamptz not null,
  -- Where the transcript stood when the person was asked for: what the visitor wrote later is still unanswered.
  requested_sequence integer not null,
  answer_by timestamptz,
  accepted_at timestamptz,
  accepted_by_id uuid,
  ended_at timestamptz,
  brief text,
  version integer not null default 1,
  unique (workspace_id, id),
  unique (conversation_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, accepted_by_id) references users (workspace_id, id),
  check ((state = 'REQUESTED') <= (answer_by is not null)),
  check ((state in ('ACCEPTED', 'RETURNED', 'RESOLVED')) = (accepted_by_id is not null)),
  check ((state in ('REQUESTED', 'ACCEPTED')) = (ended_at is null))
);
-- At most one open handoff exists in a conversation.
create unique index handoffs_open on handoffs (conversation_id) where state in ('REQUESTED', 'ACCEPTED');
create index handoffs_of_conversation on handoffs (conversation_id, id desc);
create index handoffs_of_organization on handoffs (organization_id, id desc);
create index handoffs_of_workspace on handoffs (workspace_id, id desc);
create index handoffs_deadline on handoffs (answer_by) where state = 'REQUESTED';

alter table conversations add foreign key (id, handoff_id) references handoffs (conversation_id, id) deferrable initially deferred;
`;

const MESSAGES = `
create table messages (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null,
  sequence integer not null check (sequence > 0),
  kind text not null check (kind in ('TEXT', 'HANDOFF_EVENT', 'INQUIRY')),
  author_kind text not null check (author_kind in ('VISITOR', 'AI', 'OPERATOR', 'SYSTEM')),
  -- Only operators need a name here: a conversation has one visitor and one agent.
  author_user_id uuid,
  text text not null,
  client_nonce text,
  handoff_id uuid,
  created_at timestamptz not null,
  unique (conversation_id, sequence),
  unique (conversation_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_user_id) references users (workspace_id, id),
  foreign key (conversation_id, handoff_id) references handoffs (conversation_id, id),
  check ((author_kind = 'OPERATOR') = (author_user_id is not null))
);
create unique index messages_nonce on messages
  (conversation_id, author_kind, (coalesce(author_user_id, '00000000-0000-0000-0000-000000000000'::uuid)), client_nonce)
  where client_nonce is not null;

-- How far somebody has read: "unread" is a subtraction, never a count over messages.
create table conversation_reads (
  workspace_id uuid not null,
  conversation_id uuid not null,
  reader_id uuid not null,
  sequence integer not null,
  primary key (conversation_id, reader_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
`;

const TURNS = `
create table turns (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null,
  agent_id uuid not null,
  control_epoch integer not null,
  message_id uuid not null,
  brief text,
  state text not null default 'OPEN' check (state in ('OPEN', 'ANSWERED', 'SUPERSEDED', 'FENCED', 'HUMAN_REQUESTED', 'FAILED')),
  detail text,
  created_at timestamptz not null,
  -- A turn that nobody answered by then has failed: the worker died too often, or the webhook never came back.
  answer_by timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, agent_id) references agents (workspace_id, id),
  foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade,
  check ((state = 'OPEN') = (ended_at is null))
);
-- One open turn a conversation.
create unique index turns_open on turns (conversation_id) where state = 'OPEN';
create index turns_open_of_agent on turns (agent_id, id) where state = 'OPEN';
create index turns_deadline on turns (answer_by) where state = 'OPEN';
`;

const INQUIRIES = `
create table inquiries (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid,
  conversation_id uuid not null,
  agent_id uuid not null,
  handoff_id uuid,
  email text not null,
  name text,
  text text not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'ANSWERED', 'CLOSED')),
  idempotency_key text not null,
  created_at timestamptz not null,
  unique (workspace_id, id),
  unique (conversation_id, idempotency_key),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (conversation_id, handoff_id) references handoffs (conversation_id, id)
);
create index inquiries_of_organization on inquiries (organization_id, id desc);
create index inquiries_of_handoff on inquiries (handoff_id) where handoff_id is not null;

create table inquiry_answers (
  id uuid primary key,
  workspace_id uuid not null,
  inquiry_id uuid not null,
  author_user_id uuid not null,
  text text not null,
  idempotency_key text not null,
  created_at timestamptz not null,
  unique (workspace_id, id),
  unique (inquiry_id, idempotency_key),
  foreign key (workspace_id, inquiry_id) references inquiries (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_user_id) references users (workspace_id, id)
);
`;
