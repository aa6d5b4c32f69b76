import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, OF_ORGANIZATION } from './isolate';

/** Who did what to which object, from where; and sessions in which a member of staff acts as somebody else. */
export class CreateAuditEntries1795200000100 implements MigrationInterface {
  readonly name = 'CreateAuditEntries1795200000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUDIT_ENTRIES);
    // Whoever has the application's account can add to the log, and neither change nor delete what it says.
    await isolate(runner, 'audit_entries', { tenant: 'select, insert', organization: OF_ORGANIZATION });
    await runner.query(SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions drop column impersonator_session_id, drop column impersonator_id');
    await runner.query('drop table audit_entries');
  }
}

// Actors and subjects are named without a foreign key: the log outlives them. No reference deletes from it, so a
// workspace or organization with a history cannot be deleted past it.
const AUDIT_ENTRIES = `
create table audit_entries (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  organization_id uuid,
  action text not null,
  actor_kind text not null check (actor_kind in ('USER', 'VISITOR', 'API_KEY', 'ANONYMOUS', 'SYSTEM', 'SERVER_OPERATOR')),
  actor_id uuid,
  impersonator_id uuid,
  subject_kind text not null,
  subject_id uuid not null,
  changes jsonb not null default '[]',
  address text,
  user_agent text,
  created_at timestamptz not null,
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  -- Nobody of those who have no id; and of a visitor that was erased, none any more.
  check (actor_kind = 'VISITOR' or (actor_id is not null) = (actor_kind in ('USER', 'API_KEY'))),
  check (impersonator_id is null or actor_kind = 'USER')
);
create index audit_entries_of_workspace on audit_entries (workspace_id, id);
create index audit_entries_of_organization on audit_entries (organization_id, id);
`;

// Valid for as long as the session that it was opened from is.
const SESSIONS = `
alter table sessions
  add column impersonator_id uuid,
  add column impersonator_session_id uuid,
  add foreign key (workspace_id, impersonator_id) references users (workspace_id, id),
  add foreign key (workspace_id, impersonator_session_id) references sessions (workspace_id, id) on delete cascade,
  add check ((impersonator_id is null) = (impersonator_session_id is null));
create index sessions_of_impersonator on sessions (impersonator_session_id) where impersonator_session_id is not null;
`;
