import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate } from './isolate';

/** Visitors for whom the partner's back end vouches. */
export class VerifyVisitors1795200000300 implements MigrationInterface {
  readonly name = 'VerifyVisitors1795200000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(IDENTITY_SECRETS);
    await runner.query(VERIFIED_VISITORS);
    await runner.query(USED_TOKENS);
    await isolate(runner, 'used_identity_tokens', {
      tenant: 'select, insert',
      server: 'select, update (expires_at), delete',
    });
    await runner.query('grant update (identity_secret, former_identity_secret) on agents to baton_server');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table used_identity_tokens');
    // Verified visitors stay, with their conversations, as visitors to whom nobody can come back.
    await runner.query(`
      revoke update (identity_secret, former_identity_secret) on agents from baton_server;
      alter table visitors no force row level security;
      alter table visitors drop constraint visitors_verified, drop constraint visitors_verified_by_token_alone;
      alter table visitors drop constraint visitors_external_id;
      alter table visitors drop column external_id;
      update visitors set is_verified = false, resume_token_hash = sha256(gen_random_uuid()::text::bytea) where resume_token_hash is null;
      alter table visitors force row level security;
      alter table visitors alter column resume_token_hash set not null`);
    await runner.query(`
      alter table agents drop column identity_secret, drop column identity_secret_created_at,
        drop column former_identity_secret, drop column former_identity_secret_expires_at`);
  }
}

const IDENTITY_SECRETS = `
alter table agents
  add column identity_secret text,
  add column identity_secret_created_at timestamptz,
  add column former_identity_secret text,
  add column former_identity_secret_expires_at timestamptz,
  add check ((identity_secret is null) = (identity_secret_created_at is null)),
  add check ((former_identity_secret is null) = (former_identity_secret_expires_at is null));
`;

const VERIFIED_VISITORS = `
alter table visitors add column external_id text;
alter table visitors alter column resume_token_hash drop not null;
alter table visitors
  add constraint visitors_external_id unique (workspace_id, agent_id, external_id),
  add constraint visitors_verified check (is_verified = (external_id is not null)),
  -- Whoever finds a token in a browser's storage must not become somebody for whom the partner vouches.
  add constraint visitors_verified_by_token_alone check (not is_verified or resume_token_hash is null);
`;

const USED_TOKENS = `
create table used_identity_tokens (
  workspace_id uuid not null,
  agent_id uuid not null,
  -- SHA-256 of jti: as long as the partner likes outside, 32 bytes here.
  jti_hash bytea not null,
  expires_at timestamptz not null,
  primary key (agent_id, jti_hash),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index used_identity_tokens_expired on used_identity_tokens (expires_at);
`;
