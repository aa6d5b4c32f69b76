import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that let somebody choose another password, and their mails among the deliveries. */
export class CreatePasswordResets1795100000003 implements MigrationInterface {
  readonly name = 'CreatePasswordResets1795100000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PASSWORD_RESETS);
    await runner.query(DELIVERIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(FORMER_DELIVERIES);
    await runner.query('drop table password_resets cascade');
  }
}

const PASSWORD_RESETS = `
create table password_resets (
  id uuid primary key,
  workspace_id uuid not null,
  user_id uuid not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
);
create index password_resets_of_user on password_resets (user_id, id);
`;

const DELIVERIES = `
alter table deliveries add column password_reset_id uuid;
alter table deliveries add foreign key (workspace_id, password_reset_id) references password_resets (workspace_id, id) on delete cascade;
alter table deliveries drop constraint deliveries_check;
alter table deliveries add constraint deliveries_check
  check (num_nonnulls(notification_id, inquiry_answer_id, invitation_id, password_reset_id) = 1);
drop index deliveries_target;
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id, password_reset_id), channel, (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
`;

const FORMER_DELIVERIES = `
delete from deliveries where password_reset_id is not null;
drop index deliveries_target;
alter table deliveries drop column password_reset_id;
alter table deliveries drop constraint if exists deliveries_check;
alter table deliveries add constraint deliveries_check
  check (num_nonnulls(notification_id, inquiry_answer_id, invitation_id) = 1);
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id), channel, (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
`;
