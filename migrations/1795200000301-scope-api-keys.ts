import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that can do less than everything, and secrets of theirs that overlap. */
export class ScopeApiKeys1795200000301 implements MigrationInterface {
  readonly name = 'ScopeApiKeys1795200000301';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KEYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index api_keys_of_workspace');
    await runner.query(`
      alter table api_keys drop column scopes, drop column secret_version, drop column former_secret_hash,
        drop column former_secret_expires_at`);
  }
}

// The default for rows that are there: the back end's keys go on as they were. New rows always say it.
const KEYS = `
alter table api_keys
  add column scopes text[] not null default '{}',
  -- Counts the rotations: tells which of two secrets a connection was opened with.
  add column secret_version integer not null default 1,
  add column former_secret_hash bytea,
  add column former_secret_expires_at timestamptz,
  add check (scopes <@ array['CONVERSATIONS', 'SETTINGS', 'PEOPLE', 'KEYS']),
  add check (agent_id is null or scopes = '{}'),
  add check ((former_secret_hash is null) = (former_secret_expires_at is null));
-- Row-level security would show its owner no rows: see isolate.ts.
alter table api_keys no force row level security;
update api_keys set scopes = array['CONVERSATIONS', 'SETTINGS', 'PEOPLE', 'KEYS'] where agent_id is null;
alter table api_keys force row level security;
create index api_keys_of_workspace on api_keys (workspace_id, id);
`;
