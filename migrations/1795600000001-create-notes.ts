import type { MigrationInterface, QueryRunner } from 'typeorm';
import { below, isolate } from './isolate';

/** What operators note for each other beside a conversation. Never in `messages`: nothing that reads those can show one. */
export class CreateNotes1795600000001 implements MigrationInterface {
  readonly name = 'CreateNotes1795600000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NOTES);
    await isolate(runner, 'notes', {
      tenant: 'select, insert, delete',
      organization: below('conversations', 'conversation_id'),
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

const NOTES = `
create table notes (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null,
  author_user_id uuid not null,
  text text not null,
  client_nonce text,
  created_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_user_id) references users (workspace_id, id)
);
create index notes_of_conversation on notes (conversation_id, id);
create unique index notes_nonce on notes (conversation_id, author_user_id, client_nonce) where client_nonce is not null;
`;
