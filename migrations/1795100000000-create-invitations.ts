import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations of members, and their mails: a delivery like any other, so that none is lost or sent twice. */
export class CreateInvitations1795100000000 implements MigrationInterface {
  readonly name = 'CreateInvitations1795100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INVITATIONS);
    await runner.query(DELIVERIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(FORMER_DELIVERIES);
    await runner.query('drop table invitation_agents, invitations cascade');
  }
}

const INVITATIONS = `
create table invitations (
  id uuid primary key,
  workspace_id uuid not null,
  organization_id uuid not null,
  email text not null,
  permissions text[] not null default '{}',
  limited_to_agents boolean not null default false,
  token_hash bytea not null unique,
  -- Null when an API key invited.
  invited_by uuid,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, organization_id) references organizations (workspace_id, id),
  foreign key (workspace_id, invited_by) references users (workspace_id, id),
  check (accepted_at is null or revoked_at is null),
  check (permissions <@ array['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS', 'MANAGE_AGENT_SETTINGS', 'MANAGE_MEMBERS', 'MANAGE_ORGANIZATION'])
);
create index invitations_of_organization on invitations (organization_id, id);
create index invitations_of_address on invitations (workspace_id, lower(email), id);

create table invitation_agents (
  workspace_id uuid not null,
  invitation_id uuid not null,
  agent_id uuid not null,
  primary key (invitation_id, agent_id),
  foreign key (workspace_id, invitation_id) references invitations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index invitation_agents_of_agent on invitation_agents (agent_id);
`;

const DELIVERIES = `
alter table deliveries add column invitation_id uuid;
alter table deliveries add foreign key (workspace_id, invitation_id) references invitations (workspace_id, id) on delete cascade;
alter table deliveries drop constraint deliveries_check;
alter table deliveries add constraint deliveries_check
  check (num_nonnulls(notification_id, inquiry_answer_id, invitation_id) = 1);
drop index deliveries_target;
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id, invitation_id), channel, (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
`;

const FORMER_DELIVERIES = `
delete from deliveries where invitation_id is not null;
drop index deliveries_target;
alter table deliveries drop column invitation_id;
alter table deliveries drop constraint if exists deliveries_check;
alter table deliveries add constraint deliveries_check check ((notification_id is null) <> (inquiry_answer_id is null));
create unique index deliveries_target on deliveries
  (coalesce(notification_id, inquiry_answer_id), channel, (coalesce(push_subscription_id, '00000000-0000-0000-0000-000000000000'::uuid)));
`;
