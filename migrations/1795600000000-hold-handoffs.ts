import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, OF_ORGANIZATION } from './isolate';

/**
 * A handoff goes from one operator to the next: each time that one has it is a row of its own. While it waits for the
 * team nobody has it, and `handoffs` itself has forgotten who had: docs/adr/0033.
 */
export class HoldHandoffs1795600000000 implements MigrationInterface {
  readonly name = 'HoldHandoffs1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HOLDS);
    await runner.query(FORMER_HOLDS);
    await isolate(runner, 'handoff_holds', { tenant: 'select, insert, update', organization: OF_ORGANIZATION });
    await runner.query(TRANSFERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notifications no force row level security;
      delete from notifications where kind = 'HANDOFF_TRANSFERRED';
      alter table notifications force row level security;
      alter table notifications drop constraint notifications_kind_check;
      alter table notifications add constraint notifications_kind_check
        check (kind in ('HANDOFF_REQUESTED', 'HANDOFF_UNANSWERED', 'INQUIRY_SUBMITTED', 'MESSAGE_RECEIVED'));
      drop index handoffs_by_request;
      alter table handoffs drop column transferred_by_id;
      drop table handoff_holds`);
  }
}

const HOLDS = `
create table handoff_holds (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid,
  conversation_id uuid not null,
  handoff_id uuid not null,
  agent_id uuid not null,
  user_id uuid not null,
  -- How the operator came to it.
  origin text not null check (origin in ('ACCEPTED', 'TAKEN_OVER', 'TRANSFERRED')),
  began_at timestamptz not null,
  ended_at timestamptz,
  ending text check (ending in ('RETURNED', 'RESOLVED', 'TRANSFERRED')),
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id) references users (workspace_id, id),
  foreign key (conversation_id, handoff_id) references handoffs (conversation_id, id) on delete cascade,
  check ((ended_at is null) = (ending is null))
);
-- Whatever the code above does, one operator has it at a time.
create unique index handoff_holds_open on handoff_holds (handoff_id) where ended_at is null;
create index handoff_holds_of_handoff on handoff_holds (handoff_id, began_at);
-- For the keys above, when a conversation is erased.
create index handoff_holds_of_conversation on handoff_holds (conversation_id, handoff_id);
`;

// Every handoff of before had one operator at most. It was read by no one: the owner sees through no policy.
const FORMER_HOLDS = `
alter table handoffs no force row level security;
insert into handoff_holds
  (id, workspace_id, organization_id, conversation_id, handoff_id, agent_id, user_id, origin, began_at, ended_at, ending)
select id, workspace_id, organization_id, conversation_id, id, agent_id, accepted_by_id,
  case when origin = 'OPERATOR' then 'TAKEN_OVER' else 'ACCEPTED' end, coalesce(accepted_at, requested_at), ended_at,
  case when ended_at is not null then state end
from handoffs where accepted_by_id is not null;
alter table handoffs force row level security;
`;

const TRANSFERS = `
alter table handoffs add column transferred_by_id uuid,
  add foreign key (workspace_id, transferred_by_id) references users (workspace_id, id);
create index if not exists handoffs_by_request on handoffs (organization_id, requested_at);
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check check (kind in
  ('HANDOFF_REQUESTED', 'HANDOFF_TRANSFERRED', 'HANDOFF_UNANSWERED', 'INQUIRY_SUBMITTED', 'MESSAGE_RECEIVED'));
`;
