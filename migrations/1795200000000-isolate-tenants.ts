import type { MigrationInterface, QueryRunner } from 'typeorm';
import { below, expose, isolate, type Isolation, OF_ORGANIZATION } from './isolate';

/**
 * The third wall: whatever a statement says, PostgreSQL shows and takes rows of the transaction's scope alone. The
 * roles are made by `npm run migrate` before this runs (src/database/roles.ts); docs/adr/0015 says why there are three.
 */
export class IsolateTenants1795200000000 implements MigrationInterface {
  readonly name = 'IsolateTenants1795200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant usage on schema public to baton_tenant, baton_server');
    for (const [table, isolation] of Object.entries(TABLES)) await isolate(runner, table, isolation);
    await runner.query(WITHOUT_TENANT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke all on event_log, event_consumers, server_secrets from baton_tenant, baton_server;
      revoke usage on schema public from baton_tenant, baton_server`);
    for (const table of Object.keys(TABLES)) await expose(runner, table);
  }
}

const CHANGES = 'select, insert, update';
const EVERYTHING = 'select, insert, update, delete';
const OF_CONVERSATION = below('conversations', 'conversation_id');

const TABLES: Record<string, Isolation> = {
  workspaces: { tenant: CHANGES, server: 'select', column: 'id' },
  organizations: { tenant: CHANGES, server: 'select' },
  hosts: { tenant: EVERYTHING, server: 'select' },
  users: { tenant: CHANGES, server: 'select, update (last_active_at)' },
  user_agents: { tenant: EVERYTHING, server: 'select' },
  agents: { tenant: CHANGES, server: 'select, update (responder_secret)' },
  invitations: { tenant: CHANGES, server: 'select' },
  invitation_agents: { tenant: EVERYTHING },
  password_resets: { tenant: CHANGES, server: 'select' },
  sessions: { tenant: CHANGES, server: 'select, update (last_seen_at)' },
  api_keys: { tenant: CHANGES, server: 'select, update (last_used_at)' },
  visitors: { tenant: CHANGES, server: 'select, update (last_active_at)' },
  visitor_sessions: { tenant: EVERYTHING, server: 'select' },
  conversations: { tenant: CHANGES, server: 'select', organization: OF_ORGANIZATION },
  conversation_reads: { tenant: CHANGES, organization: OF_CONVERSATION },
  messages: { tenant: CHANGES, server: 'select', organization: OF_CONVERSATION },
  handoffs: { tenant: CHANGES, server: 'select', organization: OF_ORGANIZATION },
  turns: { tenant: CHANGES, server: 'select', organization: OF_CONVERSATION },
  inquiries: { tenant: CHANGES, organization: OF_ORGANIZATION },
  inquiry_answers: { tenant: CHANGES, organization: below('inquiries', 'inquiry_id') },
  notification_settings: { tenant: CHANGES, server: 'select' },
  push_subscriptions: { tenant: EVERYTHING, server: 'select, delete' },
  notifications: { tenant: CHANGES, server: 'select, insert' },
  deliveries: { tenant: CHANGES, server: 'select, insert' },
  presences: { tenant: 'select', server: EVERYTHING },
  watches: { tenant: 'select', server: EVERYTHING },
  outbox: { tenant: 'insert', server: 'select, insert, delete' },
  events: { tenant: 'select', server: 'select, insert, delete', organization: OF_ORGANIZATION },
};

const WITHOUT_TENANT = `
grant select on event_log to baton_tenant;
grant select, update on event_log to baton_server;
grant select, insert, update on event_consumers to baton_server;
grant select, insert, update on server_secrets to baton_server;
`;
