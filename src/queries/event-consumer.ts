import type { DataSource, EntityManager } from 'typeorm';
import { SERVER, within } from '../database/scope';

/** Makes sure that the consumer has a position. A new one starts before the first event. */
export async function registerConsumer(source: DataSource, name: string): Promise<void> {
  await within(source, SERVER, (manager) =>
    manager.query('insert into event_consumers (name, position) values ($1, 0) on conflict (name) do nothing', [name]),
  );
}

/**
 * Locks the consumer until the end of the transaction and tells its position; null while another process has it, which
 * then does the work.
 */
export async function lockConsumer(manager: EntityManager, name: string): Promise<number | null> {
  const [row] = await manager.query<{ position: string }[]>(
    'select position from event_consumers where name = $1 for update skip locked',
    [name],
  );
  return row === undefined ? null : Number(row.position);
}

/** Everything up to `position` has been consumed. Call it in the transaction that holds the lock. */
export async function advanceConsumer(manager: EntityManager, name: string, position: number): Promise<void> {
  await manager.query('update event_consumers set position = $2 where name = $1', [name, position]);
}

/**
 * Deletes events that are older than `days`, never one that a consumer has not read yet, and at most `limit` at a time.
 * The log's `pruned_position` moves in the same transaction: a cursor from before it is then known to be too old.
 *
 * @returns how many were deleted
 */
export async function pruneEvents(source: DataSource, options: { days: number; limit: number }): Promise<number> {
  return within(source, SERVER, async (manager) => {
    const [row] = await manager.query<{ pruned: string; upTo: string }[]>(FIND_PRUNABLE, [options.days, options.limit]);
    if (row === undefined) return 0;
    const [pruned, upTo] = [Number(row.pruned), Number(row.upTo)];
    if (upTo <= pruned) return 0;
    await manager.query('delete from events where position <= $1', [upTo]);
    await manager.query('update event_log set pruned_position = $1', [upTo]);
    return upTo - pruned;
  });
}

// The log is dense, so "old enough" is a prefix of it: the newest old event among the next `limit` ones. The row lock
// makes two sweepers take turns; the dispatcher waits for it as long as one batch takes to delete.
const FIND_PRUNABLE = `
with log as (select pruned_position from event_log for update)
select log.pruned_position as pruned,
  least(
    coalesce((select max(e.position) from events e
      where e.position > log.pruned_position and e.position <= log.pruned_position + $2
        and e.occurred_at < now() - $1 * interval '1 day'), log.pruned_position),
    coalesce((select min(position) from event_consumers), log.pruned_position)
  ) as "upTo"
from log`;
