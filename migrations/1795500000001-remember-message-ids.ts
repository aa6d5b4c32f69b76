import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Message-ID of a delivery's mail: its sender may change between two attempts, and its id must not. */
export class RememberMessageIds1795500000001 implements MigrationInterface {
  readonly name = 'RememberMessageIds1795500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deliveries add column message_id text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deliveries drop column message_id');
  }
}
