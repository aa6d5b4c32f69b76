import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes that have each list in its order: docs/adr/0021.
 *
 * On a large installation `create index` holds up writers while it runs. Whoever cannot stop may make the same indexes
 * beforehand, by the same names, with `create index concurrently`: they are passed over here.
 */
export class IndexLists1795300000000 implements MigrationInterface {
  readonly name = 'IndexLists1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LISTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index conversations_of_organization_by_id, conversations_open_of_organization, conversations_open_of_workspace,
        conversations_of_agent, conversations_of_agent_by_id, conversations_of_organization_by_handoff,
        conversations_of_workspace_by_handoff, conversations_of_operator, conversations_waiting_of_workspace,
        handoffs_open_of_organization, handoffs_open_of_workspace, inquiries_open_of_organization,
        inquiries_open_of_workspace, users_of_staff`);
  }
}

const LISTS = `
-- By the time at which a conversation began. Of the workspace: its unique (workspace_id, id).
create index if not exists conversations_of_organization_by_id on conversations (organization_id, id);
-- Conversations end: what is open is a small part of all, however many there are.
create index if not exists conversations_open_of_organization on conversations (organization_id, id) where status = 'OPEN';
create index if not exists conversations_open_of_workspace on conversations (workspace_id, id) where status = 'OPEN';
create index if not exists conversations_of_agent on conversations (agent_id, status, last_message_at desc, id desc);
create index if not exists conversations_of_agent_by_id on conversations (agent_id, id);
-- Most conversations never have a handoff, and cost nothing here.
create index if not exists conversations_of_organization_by_handoff on conversations (organization_id, handoff_state, last_message_at desc, id desc) where handoff_state is not null;
create index if not exists conversations_of_workspace_by_handoff on conversations (workspace_id, handoff_state, last_message_at desc, id desc) where handoff_state is not null;
-- Few: a person has it now, or it waits for one.
create index if not exists conversations_of_operator on conversations (workspace_id, operator_id) where operator_id is not null;
create index if not exists conversations_waiting_of_workspace on conversations (workspace_id, waiting_since, id) where waiting_since is not null;
create index if not exists handoffs_open_of_organization on handoffs (organization_id, id) where state in ('REQUESTED', 'ACCEPTED');
create index if not exists handoffs_open_of_workspace on handoffs (workspace_id, id) where state in ('REQUESTED', 'ACCEPTED');
create index if not exists inquiries_open_of_organization on inquiries (organization_id, id) where state = 'OPEN';
create index if not exists inquiries_open_of_workspace on inquiries (workspace_id, id) where state = 'OPEN';
create index if not exists users_of_staff on users (workspace_id, id) where workspace_role is not null;
`;
