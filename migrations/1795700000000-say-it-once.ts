import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One alert for what belongs together, and a second push that takes the place of the first: docs/adr/0034. */
export class SayItOnce1795700000000 implements MigrationInterface {
  readonly name = 'SayItOnce1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ALERTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke update (count, through_sequence, title, body, seen_at) on notifications from baton_server;
      revoke update (state, detail) on deliveries from baton_server;
      alter table organizations drop column alert_interval_seconds;
      drop index deliveries_target;
      alter table deliveries no force row level security;
      delete from deliveries where replaces is not null;
      alter table deliveries force row level security;
      alter table deliveries drop column replaces;
      create unique index deliveries_target on deliveries
        (coalesce(notification_id, inquiry_answer_id, invitation_id, password_reset_id), channel,
         (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
      drop index notifications_of_conversation;
      create index notifications_of_conversation on notifications (conversation_id);
      alter table notifications drop constraint notifications_once;
      alter table notifications no force row level security;
      delete from notifications n using notifications older
        where older.subject_id = n.subject_id and older.user_id = n.user_id and older.kind = n.kind and older.id < n.id;
      alter table notifications force row level security;
      alter table notifications drop column window_start, drop column count, drop column through_sequence,
        add constraint notifications_subject_id_user_id_kind_key unique (subject_id, user_id, kind)`);
  }
}

const ALERTS = `
alter table notifications
  -- What may be told more than once has a window for each time: of messages, the instant at which what was gathered leaves.
  add column window_start timestamptz not null default 'epoch',
  -- How many messages it tells of.
  add column count integer not null default 1 check (count >= 1),
  -- Everything in the conversation up to here is told with it, however often the log is read.
  add column through_sequence integer,
  drop constraint notifications_subject_id_user_id_kind_key,
  -- Whatever runs twice, a person is told once.
  add constraint notifications_once unique (subject_id, user_id, kind, window_start);
drop index notifications_of_conversation;
create index notifications_of_conversation on notifications (conversation_id, user_id, id desc);

-- The delivery whose place it takes in the browser: it goes out only if that one did.
alter table deliveries add column replaces uuid check (replaces is null or channel = 'PUSH');
drop index deliveries_target;
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id, password_reset_id), channel,
   (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)), (replaces is not null));

-- How long one conversation's messages are gathered after somebody was told of one.
alter table organizations add column alert_interval_seconds integer not null default 60
  check (alert_interval_seconds between 1 and 3600);

-- The router gathers, and takes back what somebody has claimed.
grant update (count, through_sequence, title, body, seen_at) on notifications to baton_server;
grant update (state, detail) on deliveries to baton_server;
`;
