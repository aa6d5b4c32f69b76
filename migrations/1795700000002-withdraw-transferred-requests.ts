import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever withdraws the alerts of a request looks for the hold with which it went to the team: they were written under
 * its id, and the router works for all tenants at once.
 */
export class WithdrawTransferredRequests1795700000002 implements MigrationInterface {
  readonly name = 'WithdrawTransferredRequests1795700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create policy server on handoff_holds to baton_server using (true);
      grant select on handoff_holds to baton_server`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy server on handoff_holds;
      revoke select on handoff_holds from baton_server`);
  }
}
