import type { DataSource } from 'typeorm';

/** Forgets counts that have begun anew; returns how many. Only PostgreSQL needs it: Redis forgets by itself. */
export async function forgetExpiredLimits(source: DataSource, options: { limit: number }): Promise<number> {
  const [, count] = await source.query<[unknown, number]>(
    `delete from rate_limits where key in (
       select key from rate_limits where expire < extract(epoch from clock_timestamp()) * 1000
       order by expire limit $1 for update skip locked)`,
    [options.limit],
  );
  return count;
}
