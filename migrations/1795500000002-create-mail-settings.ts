import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate } from './isolate';

/** Mail servers of workspaces: from whom, and through whom, the mails of a partner and its clients leave. */
export class CreateMailSettings1795500000002 implements MigrationInterface {
  readonly name = 'CreateMailSettings1795500000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MAIL_SETTINGS);
    await isolate(runner, 'mail_settings', {
      tenant: 'select, insert, update, delete',
      // Keys are rotated at the start, in all workspaces.
      server: 'select, update (password)',
      // Staff alone.
      organization: 'false',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mail_settings');
  }
}

const MAIL_SETTINGS = `
create table mail_settings (
  workspace_id uuid primary key references workspaces (id),
  host text not null,
  port integer not null check (port between 1 and 65535),
  security text not null check (security in ('TLS', 'STARTTLS', 'NONE')),
  username text,
  -- Sealed.
  password text,
  from_address text not null,
  reply_to text,
  -- Goes up with every change of what is above.
  version integer not null default 1,
  -- When the server took a test mail with what is above; null: nothing is sent through it yet.
  verified_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  updated_at timestamptz not null,
  check (password is null or username is not null),
  check ((last_error is null) = (last_error_at is null))
);
`;
