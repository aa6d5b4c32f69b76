import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What erasing a visitor takes. A tenant may delete a visitor with its conversations, and blank what is logged of it;
 * of the audit log it may blank the actor of visitors' entries and nothing else. And indexes: erasing a conversation cascades to what hangs on it, row by row. Without these indexes each step reads a whole table,
 * for `turns` once a message.
 */
export class LetVisitorsBeErased1795200000400 implements MigrationInterface {
  readonly name = 'LetVisitorsBeErased1795200000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy erasure on audit_entries;
      revoke update (actor_id, address, user_agent) on audit_entries from baton_tenant;
      revoke select on outbox from baton_tenant;
      revoke update (${BLANKED}) on outbox from baton_tenant;
      revoke update (${BLANKED}) on events from baton_tenant;
      revoke update (idempotency_key) on conversations from baton_server;
      revoke delete on visitors, conversations, presences, watches from baton_tenant;
      drop index turns_of_conversation, notifications_of_conversation, deliveries_of_notification, events_of_subject`);
  }
}

const INDEXES = `
create index turns_of_conversation on turns (conversation_id, message_id);
create index notifications_of_conversation on notifications (conversation_id);
create index deliveries_of_notification on deliveries (notification_id) where notification_id is not null;
create index events_of_subject on events (subject_id) where name in ('NOTIFICATION_ADDED', 'DELIVERY_ADDED');
`;

const BLANKED = 'name, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot';

const GRANTS = `
-- For the router, which holds conversations by FOR KEY SHARE while it writes of them: PostgreSQL asks for UPDATE of a column.
grant update (idempotency_key) on conversations to baton_server;
grant delete on visitors, conversations, presences, watches to baton_tenant;
grant select on outbox to baton_tenant;
grant update (${BLANKED}) on outbox to baton_tenant;
grant update (${BLANKED}) on events to baton_tenant;
grant update (actor_id, address, user_agent) on audit_entries to baton_tenant;
create policy erasure on audit_entries as restrictive for update to baton_tenant
  using (actor_kind = 'VISITOR') with check (actor_id is null and address is null and user_agent is null);
`;
