import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often who has called, where there is no Redis to count in. */
export class CreateRateLimits1795100000002 implements MigrationInterface {
  readonly name = 'CreateRateLimits1795100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RATE_LIMITS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_limits');
  }
}

// The columns and their order are those that rate-limiter-flexible writes. Unlogged: a count is lost in a crash and may
// be, and without a write-ahead log it costs no wait for the disk.
const RATE_LIMITS = `
create unlogged table rate_limits (
  -- Hashed: whose address or account it is stays out of the table.
  key text primary key,
  points integer not null default 0,
  -- Milliseconds since 1970, when the count begins anew.
  expire bigint
);
create index rate_limits_expired on rate_limits (expire);
`;
