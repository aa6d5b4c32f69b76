import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, OF_ORGANIZATION } from './isolate';

/** Who is told of a request that waits, one after the other: docs/adr/0039. */
export class ClimbLadders1795700000001 implements MigrationInterface {
  readonly name = 'ClimbLadders1795700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LADDERS);
    await isolate(runner, 'handoff_rungs', {
      tenant: 'select, insert, update',
      server: 'select',
      organization: OF_ORGANIZATION,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table handoff_rungs;
      drop index handoffs_climb;
      alter table handoffs drop column rung, drop column next_rung_at;
      alter table organizations drop column escalation, drop column business_hours`);
  }
}

const LADDERS = `
-- Null: everybody who may handle the agent is told at once; and one can be asked for at any hour.
alter table organizations add column escalation jsonb, add column business_hours jsonb;

alter table handoffs
  -- Who is told of it by now. Null: nobody has to be, or it is older than ladders.
  add column rung text check (rung in ('ONLINE', 'EVERYONE', 'FALLBACK', 'UNANSWERED')),
  -- When the next ones are told, while it waits.
  add column next_rung_at timestamptz check (next_rung_at is null or state = 'REQUESTED');
create index handoffs_climb on handoffs (next_rung_at) where next_rung_at is not null;

-- Where a request stands and why: laid when it is made, one row a rung.
create table handoff_rungs (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid,
  conversation_id uuid not null,
  handoff_id uuid not null,
  rung text not null check (rung in ('ONLINE', 'EVERYONE', 'FALLBACK', 'UNANSWERED')),
  state text not null check (state in ('WAITING', 'REACHED', 'SKIPPED')),
  due_at timestamptz not null,
  reached_at timestamptz,
  -- Why it was skipped.
  detail text check (detail in ('NOBODY_ONLINE', 'TOO_LATE', 'ENDED')),
  unique (workspace_id, id),
  unique (workspace_id, handoff_id, rung),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, handoff_id) references handoffs (workspace_id, id) on delete cascade,
  check ((state = 'REACHED') = (reached_at is not null)),
  check ((state = 'SKIPPED') = (detail is not null))
);
create index handoff_rungs_of_conversation on handoff_rungs (conversation_id);
`;
