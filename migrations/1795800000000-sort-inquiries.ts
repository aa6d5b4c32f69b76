import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The inbox of inquiries: who answers one, when somebody last wrote in it, and an index for each of its lists (docs/adr/0036). */
export class SortInquiries1795800000000 implements MigrationInterface {
  readonly name = 'SortInquiries1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(INDEXES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index inquiries_of_organization_by_state, inquiries_of_organization_by_message, inquiries_of_agent_by_state,
        inquiries_of_agent_by_message, inquiries_of_assignee_by_state, inquiries_of_assignee_by_message,
        inquiries_of_organization_by_email;
      create index inquiries_of_organization on inquiries (organization_id, id desc);
      create index inquiries_open_of_organization on inquiries (organization_id, id) where state = 'OPEN';
      create index inquiries_open_of_workspace on inquiries (workspace_id, id) where state = 'OPEN';
      alter table inquiries drop column assignee_id, drop column last_message_at, drop column email_key`);
  }
}

// Row-level security holds for the owner too, who has to see the answers for a moment. A generated column in the C collation:
// the comparisons of an address that begins with something are leakproof, so that they use an index behind the wall.
const COLUMNS = `
alter table inquiries
  add column assignee_id uuid,
  add column last_message_at timestamptz not null default now(),
  add column email_key text collate "C" generated always as (lower(email)) stored,
  add foreign key (workspace_id, assignee_id) references users (workspace_id, id);
alter table inquiries no force row level security;
alter table inquiry_answers no force row level security;
update inquiries i set last_message_at =
  greatest(i.created_at, (select max(a.created_at) from inquiry_answers a where a.inquiry_id = i.id));
alter table inquiries force row level security;
alter table inquiry_answers force row level security;
`;

// Each state, of which a list wants some, is in both orders within the organization, the agent and the assignee.
const INDEXES = `
create index if not exists inquiries_of_organization_by_state on inquiries (organization_id, state, id desc);
create index if not exists inquiries_of_organization_by_message on inquiries (organization_id, state, last_message_at desc, id desc);
create index if not exists inquiries_of_agent_by_state on inquiries (agent_id, state, id desc);
create index if not exists inquiries_of_agent_by_message on inquiries (agent_id, state, last_message_at desc, id desc);
create index if not exists inquiries_of_assignee_by_state on inquiries (assignee_id, state, id desc) where assignee_id is not null;
create index if not exists inquiries_of_assignee_by_message on inquiries (assignee_id, state, last_message_at desc, id desc) where assignee_id is not null;
create index if not exists inquiries_of_organization_by_email on inquiries (organization_id, email_key);
drop index inquiries_of_organization, inquiries_open_of_organization, inquiries_open_of_workspace;
`;
