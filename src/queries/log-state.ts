import type { EntityManager } from 'typeorm';

/** Where the event log stands, seen from a reader of it. */
export interface LogState {
  readonly top: number;
  /** Seconds since the event after `position` happened; 0 when there is none. */
  readonly unseenSeconds: number;
  /** Committed, and not in the log yet; counted up to 10,001. */
  readonly outboxEvents: number;
  /** Seconds since the oldest of them happened. */
  readonly outboxSeconds: number;
}

/** One statement whose cost does not grow with log or outbox. In the server's scope. */
export async function readLogState(manager: EntityManager, position: number): Promise<LogState> {
  const [row] = await manager.query<Record<keyof LogState, string>[]>(STATE, [position]);
  if (row === undefined) throw new Error('The event log has no row in event_log: run the migrations.');
  return {
    top: Number(row.top),
    unseenSeconds: Number(row.unseenSeconds),
    outboxEvents: Number(row.outboxEvents),
    outboxSeconds: Number(row.outboxSeconds),
  };
}

const AGE = `coalesce(greatest(extract(epoch from clock_timestamp() - occurred_at), 0), 0)`;

const STATE = `
select position as top,
  coalesce((select ${AGE} from events where position > $1 order by position limit 1), 0) as "unseenSeconds",
  (select count(*) from (select from outbox limit 10001) as waiting) as "outboxEvents",
  coalesce((select ${AGE} from outbox order by id limit 1), 0) as "outboxSeconds"
from event_log`;
