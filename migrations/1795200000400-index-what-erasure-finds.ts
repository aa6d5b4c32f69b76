import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erasing a conversation cascades to what hangs on it, row by row. Without these indexes each step reads a whole table,
 * for `turns` once a message.
 */
export class IndexWhatErasureFinds1795200000400 implements MigrationInterface {
  readonly name = 'IndexWhatErasureFinds1795200000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index turns_of_conversation, notifications_of_conversation, deliveries_of_notification, events_of_subject`);
  }
}

const INDEXES = `
create index turns_of_conversation on turns (conversation_id, message_id);
create index notifications_of_conversation on notifications (conversation_id);
create index deliveries_of_notification on deliveries (notification_id) where notification_id is not null;
create index events_of_subject on events (subject_id) where name in ('NOTIFICATION_ADDED', 'DELIVERY_ADDED');
`;
