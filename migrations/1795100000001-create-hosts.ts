import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Host names under which partners and their clients show their pages: the public brand of a log-in page. */
export class CreateHosts1795100000001 implements MigrationInterface {
  readonly name = 'CreateHosts1795100000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HOSTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table hosts');
  }
}

const HOSTS = `
create table hosts (
  -- In ASCII, as a browser sends it: one name has one row on the whole server.
  host text primary key check (host ~ '^[a-z0-9.-]{1,253}$'),
  workspace_id uuid not null references workspaces (id),
  -- Null: of the workspace itself.
  organization_id uuid,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id)
);
create index hosts_of_owner on hosts (workspace_id, organization_id, host);
`;
