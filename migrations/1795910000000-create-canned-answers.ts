import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, OF_ORGANIZATION } from './isolate';

/** Answers that an organization has written once, for its operators to send again and again. */
export class CreateCannedAnswers1795910000000 implements MigrationInterface {
  readonly name = 'CreateCannedAnswers1795910000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CANNED_ANSWERS);
    await isolate(runner, 'canned_answers', {
      tenant: 'select, insert, update, delete',
      organization: OF_ORGANIZATION,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table canned_answers');
  }
}

const CANNED_ANSWERS = `
create table canned_answers (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid not null,
  title text not null,
  shortcut text not null check (shortcut = lower(shortcut)),
  text text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (organization_id, shortcut),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id) on delete cascade
)`;
