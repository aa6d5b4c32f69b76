import type { MigrationInterface, QueryRunner } from 'typeorm';
import { below, isolate } from './isolate';

/** Files of messages and inquiries, and their bytes in pieces: docs/adr/0041. */
export class CreateAttachments1795900000000 implements MigrationInterface {
  readonly name = 'CreateAttachments1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ATTACHMENTS);
    await runner.query(PIECES);
    await runner.query(WHAT_WAS_ATTACHED);
    await isolate(runner, 'attachments', {
      tenant: 'select, insert, update, delete',
      // What nobody attached is swept; the pieces go with it.
      server: 'select, delete',
      organization: below('conversations', 'conversation_id'),
    });
    await isolate(runner, 'attachment_pieces', {
      tenant: 'select, insert, delete',
      organization: below('attachments', 'attachment_id'),
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inquiries drop column attachments');
    await runner.query('alter table messages drop column attachments');
    await runner.query('drop table attachment_pieces');
    await runner.query('drop table attachments');
  }
}

const ATTACHMENTS = `
create table attachments (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null,
  author_kind text not null check (author_kind in ('VISITOR', 'AI', 'OPERATOR')),
  author_user_id uuid,
  file_name text not null,
  content_type text not null,
  byte_size integer not null check (byte_size > 0),
  state text not null check (state in ('PENDING', 'UPLOADED', 'ATTACHED')),
  -- Which try of uploading it is the last one begun: pieces of an earlier one are refused.
  attempt integer not null,
  message_id uuid,
  created_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, author_user_id) references users (workspace_id, id),
  foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade,
  check ((author_kind = 'OPERATOR') = (author_user_id is not null)),
  check ((state = 'ATTACHED') = (message_id is not null))
);
-- Both for what is counted of a conversation and for what goes with a message.
create index attachments_of_conversation on attachments (conversation_id, message_id);
create index attachments_unattached on attachments (created_at) where message_id is null;
`;

const PIECES = `
create table attachment_pieces (
  workspace_id uuid not null,
  attachment_id uuid not null,
  position integer not null check (position >= 0),
  bytes bytea not null,
  primary key (attachment_id, position),
  foreign key (workspace_id, attachment_id) references attachments (workspace_id, id) on delete cascade
);
-- Pictures and documents are compressed already: PostgreSQL would try for nothing.
alter table attachment_pieces alter column bytes set storage external;
`;

// Beside the text, so that reading a message costs no further statement, and its event carries all of it.
const WHAT_WAS_ATTACHED = `
alter table messages add column attachments jsonb;
alter table inquiries add column attachments jsonb;
`;
