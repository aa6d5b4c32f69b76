import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The event log with its outbox, who is connected and who is watching, and everything that leaves the server. */
export class CreateEventAndNotificationTables1795000000001 implements MigrationInterface {
  readonly name = 'CreateEventAndNotificationTables1795000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [EVENTS, PRESENCE, NOTIFICATIONS, SECRETS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table server_secrets, deliveries, notifications, push_subscriptions, notification_settings, watches, presences,
        event_consumers, event_log, events, outbox cascade`);
  }
}

const EVENTS = `
-- What a transaction has to tell. Identity values are given before commit, so they order the events of one conversation
-- (its row is locked) and nothing else: see docs/adr/0001.
create table outbox (
  id bigint generated always as identity primary key,
  name text not null,
  workspace_id uuid not null,
  organization_id uuid,
  agent_id uuid,
  conversation_id uuid,
  user_id uuid,
  subject_id uuid not null,
  snapshot jsonb,
  occurred_at timestamptz not null default clock_timestamp()
);

-- The log: committed events under a dense position 1, 2, 3 … that the dispatcher gives. No foreign keys: it is history.
create table events (
  position bigint primary key,
  name text not null,
  workspace_id uuid not null,
  organization_id uuid,
  agent_id uuid,
  conversation_id uuid,
  user_id uuid,
  subject_id uuid not null,
  snapshot jsonb,
  occurred_at timestamptz not null
);
create index events_of_conversation on events (conversation_id, position);
create index events_of_organization on events (organization_id, position);
create index events_of_workspace on events (workspace_id, position);
create index events_occurred_at on events (occurred_at);

-- One row. log_id names this log, so that a cursor of another database is recognised.
create table event_log (
  id boolean primary key default true check (id),
  log_id uuid not null default gen_random_uuid(),
  position bigint not null default 0,
  -- Everything up to here has been deleted.
  pruned_position bigint not null default 0
);
insert into event_log default values;

create table event_consumers (
  name text primary key,
  position bigint not null
);
`;

const PRESENCE = `
-- Who has an open connection, on which process. A row outlives its connection by 30 s and is then swept.
create table presences (
  process_id uuid not null,
  workspace_id uuid not null,
  actor_kind text not null check (actor_kind in ('USER', 'VISITOR')),
  actor_id uuid not null,
  until timestamptz not null,
  primary key (actor_id, process_id)
);
create index presences_until on presences (until);

-- Which operator looks at which conversation right now: nobody is alerted for what they are watching.
create table watches (
  process_id uuid not null,
  workspace_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  until timestamptz not null,
  primary key (conversation_id, user_id, process_id)
);
create index watches_until on watches (until);
`;

const NOTIFICATIONS = `
create table notification_settings (
  user_id uuid primary key,
  workspace_id uuid not null,
  channels text[] not null check (channels <@ array['EMAIL', 'PUSH']),
  events text not null check (events in ('ALL_MESSAGES', 'REQUESTS_ONLY')),
  quiet_hours jsonb,
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);

create table push_subscriptions (
  id uuid primary key,
  workspace_id uuid not null,
  user_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  user_agent text,
  created_at timestamptz not null default now(),
  last_success_at timestamptz,
  unique (workspace_id, id),
  -- A browser has one endpoint: whoever registers it last owns it.
  unique (endpoint),
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);
create index push_subscriptions_of_user on push_subscriptions (user_id, id);

create table notifications (
  id uuid primary key,
  workspace_id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('HANDOFF_REQUESTED', 'HANDOFF_UNANSWERED', 'INQUIRY_SUBMITTED', 'MESSAGE_RECEIVED')),
  -- The handoff, inquiry or message that it is about.
  subject_id uuid not null,
  conversation_id uuid,
  title text not null,
  body text not null,
  seen_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  -- Whatever runs twice, a person is told once.
  unique (subject_id, user_id, kind),
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade,
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index notifications_of_user on notifications (user_id, id desc);
create index notifications_unseen on notifications (user_id, conversation_id) where seen_at is null;

create table deliveries (
  id uuid primary key,
  workspace_id uuid not null,
  notification_id uuid,
  inquiry_answer_id uuid,
  channel text not null check (channel in ('EMAIL', 'PUSH')),
  push_subscription_id uuid,
  state text not null default 'PENDING' check (state in ('PENDING', 'SENT', 'SKIPPED', 'FAILED')),
  attempts integer not null default 0,
  detail text,
  -- A PENDING delivery is due from here on; while it is being sent the time lies ahead, so that nobody else takes it.
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, notification_id) references notifications (workspace_id, id) on delete cascade,
  foreign key (workspace_id, inquiry_answer_id) references inquiry_answers (workspace_id, id) on delete cascade,
  check ((notification_id is null) <> (inquiry_answer_id is null)),
  check ((channel = 'PUSH') >= (push_subscription_id is not null)),
  check ((state = 'SENT') = (sent_at is not null))
);
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id), channel, (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
create index deliveries_of_answer on deliveries (inquiry_answer_id) where inquiry_answer_id is not null;
create index deliveries_due on deliveries (due_at) where state = 'PENDING';
`;

const SECRETS = `
-- Keys that every process of one installation shares and the first one makes (VAPID).
create table server_secrets (
  name text primary key,
  value text not null
);
`;
