import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language in which a person is written to. */
export class LetPeopleChooseTheirLanguage1795500000000 implements MigrationInterface {
  readonly name = 'LetPeopleChooseTheirLanguage1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    // Null: that of the organization.
    await runner.query('alter table users add column locale text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column locale');
  }
}
