import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A page of the audit log that is about some actions: without it, a rare one is looked for through all that ever happened. */
export class FindAuditedActions1796100000000 implements MigrationInterface {
  readonly name = 'FindAuditedActions1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index if not exists audit_entries_of_workspace_by_action on audit_entries (workspace_id, action, id);
      create index if not exists audit_entries_of_organization_by_action on audit_entries (organization_id, action, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_entries_of_workspace_by_action, audit_entries_of_organization_by_action');
  }
}
