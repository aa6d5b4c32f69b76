import type { Pool } from 'pg';
import { type LaneBounds, Lanes, type Waiting } from '../lanes/lanes';

/** One call to count, as rate-limiter-flexible writes it: key, points, when the count ends if it begins now, now. */
type Count = readonly [key: string, points: number, expire: number | null, now: number];

/** A row of `rate_limits`, as the package reads it. */
interface Counted {
  readonly rows: readonly [{ readonly points: number; readonly expire: string | null }];
}

const BOUNDS: LaneBounds = { batch: 256, running: 4, waiting: 8192, waitingInLane: 8192 };

/**
 * Counts calls in PostgreSQL: those that come while a statement is on its way go together in the next one. All visitors
 * of one organization are counted in one row, on which each statement would have to wait for the one before.
 */
export class PostgresCounts {
  /** By rule. */
  private readonly lanes = new Lanes<Count, Counted>((batch) => this.count(batch), BOUNDS);

  constructor(private readonly pool: Pool) {}

  /** What the package takes for a client. The one statement that it sends is the one that counts: its values say it all. */
  clientOf(rule: string): { query(statement: { readonly values: Count }): Promise<Counted> } {
    return { query: ({ values }) => this.lanes.add(rule, values) };
  }

  private async count(batch: readonly Waiting<Count, Counted>[]): Promise<void> {
    const sums = new Map<string, { points: number; expire: number | null }>();
    let now = 0;
    for (const { item } of batch) {
      const [key, points, expire, asked] = item;
      sums.set(key, { points: (sums.get(key)?.points ?? 0) + points, expire });
      now = Math.max(now, asked);
    }
    const { rows } = await this.pool.query<{ key: string; points: number; expire: string | null }>(COUNT, [
      [...sums.keys()],
      [...sums.values()].map(({ points }) => points),
      [...sums.values()].map(({ expire }) => expire),
      now,
    ]);
    const counted = new Map(rows.map((row) => [row.key, row]));
    for (const { item, resolve } of batch) {
      const [key, points] = item;
      const [sum, row] = [sums.get(key), counted.get(key)];
      if (sum === undefined || row === undefined) throw new Error('The database has not counted a call.');
      // Each sees what was counted up to itself, as if they had come one after the other.
      sum.points -= points;
      resolve({ rows: [{ points: row.points - sum.points, expire: row.expire }] });
    }
  }
}

/** Keys $1 in one order, so that two processes never wait for each other in a circle; points $2, ends $3, now $4. */
const COUNT = `
insert into rate_limits as counted (key, points, expire)
select key, points, expire from unnest($1::text[], $2::int[], $3::bigint[]) as call (key, points, expire) order by key
on conflict (key) do update set
  points = case when counted.expire <= $4 then excluded.points else counted.points + excluded.points end,
  expire = case when counted.expire <= $4 then excluded.expire else counted.expire end
returning key, points, expire`;
