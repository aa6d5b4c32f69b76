import type { MigrationInterface, QueryRunner } from 'typeorm';
import { below, isolate } from './isolate';

/** Transcripts that are mailed to visitors, and their mails among the deliveries. */
export class CreateTranscripts1795910000001 implements MigrationInterface {
  readonly name = 'CreateTranscripts1795910000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TRANSCRIPTS);
    await runner.query(DELIVERIES);
    await isolate(runner, 'transcripts', {
      tenant: 'select, insert',
      organization: below('conversations', 'conversation_id'),
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(FORMER_DELIVERIES);
    await runner.query('drop table transcripts cascade');
  }
}

const TRANSCRIPTS = `
create table transcripts (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null,
  -- Null: the visitor.
  author_user_id uuid,
  email text not null,
  name text,
  -- What is said later is not in it, however often it is tried.
  last_sequence integer not null,
  idempotency_key text not null,
  created_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_user_id) references users (workspace_id, id)
);
create index transcripts_of_conversation on transcripts (conversation_id, id);
`;

const DELIVERIES = `
alter table deliveries add column transcript_id uuid;
alter table deliveries add foreign key (workspace_id, transcript_id) references transcripts (workspace_id, id) on delete cascade;
alter table deliveries drop constraint deliveries_check;
alter table deliveries add constraint deliveries_check
  check (num_nonnulls(notification_id, inquiry_answer_id, invitation_id, password_reset_id, transcript_id) = 1);
drop index deliveries_target;
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id, password_reset_id, transcript_id), channel,
   (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)), (replaces is not null));
create index deliveries_of_transcript on deliveries (transcript_id) where transcript_id is not null;
`;

const FORMER_DELIVERIES = `
delete from deliveries where transcript_id is not null;
drop index deliveries_target;
alter table deliveries drop column transcript_id;
alter table deliveries drop constraint if exists deliveries_check;
alter table deliveries add constraint deliveries_check
  check (num_nonnulls(notification_id, inquiry_answer_id, invitation_id, password_reset_id) = 1);
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id, password_reset_id), channel,
   (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)), (replaces is not null));
`;
