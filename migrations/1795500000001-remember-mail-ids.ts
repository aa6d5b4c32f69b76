import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Message-ID of a delivery's mail: its sender may change between two attempts, and its id must not. */
export class RememberMailIds1795500000001 implements MigrationInterface {
  readonly name = 'RememberMailIds1795500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deliveries add column mail_id text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deliveries drop column mail_id');
  }
}
