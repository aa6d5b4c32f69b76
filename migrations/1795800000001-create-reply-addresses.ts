import type { MigrationInterface, QueryRunner } from 'typeorm';
import { below, isolate } from './isolate';

/** To which address the visitor of an inquiry replies: docs/adr/0036. */
export class CreateReplyAddresses1795800000001 implements MigrationInterface {
  readonly name = 'CreateReplyAddresses1795800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    // A mail comes without a tenant: its address says which one.
    await isolate(runner, 'reply_addresses', {
      tenant: 'select, insert',
      server: 'select',
      organization: below('inquiries', 'inquiry_id'),
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reply_addresses');
  }
}

const TABLE = `
create table reply_addresses (
  -- SHA-256 of the token that the address holds: who reads the database cannot write into a conversation.
  token_hash bytea primary key,
  workspace_id uuid not null,
  inquiry_id uuid not null,
  foreign key (workspace_id, inquiry_id) references inquiries (workspace_id, id) on delete cascade
);
create index reply_addresses_of_inquiry on reply_addresses (workspace_id, inquiry_id);
`;
