import { DatabaseError } from 'pg';
import { type EntityManager, type EntityTarget, QueryFailedError } from 'typeorm';
import type { NewEvent } from '../domain/events';
import type { Database } from './database';
import { inSpan } from '../tracing/spans';
import { writeOutbox } from './outbox';
import { type Scope, within } from './scope';
import { type TenantRow, TenantRows } from './tenant-rows';

/** One open transaction: rows of a tenant, and the events that will be told after the commit. */
export class Transaction {
  private readonly events: NewEvent[] = [];

  constructor(readonly manager: EntityManager) {}

  rows<Row extends TenantRow>(entity: EntityTarget<Row>, workspaceId: string): TenantRows<Row> {
    return new TenantRows(this.manager, entity, workspaceId);
  }

  append(...events: NewEvent[]): void {
    this.events.push(...events);
  }

  /** The database's clock, at this very moment: read after a lock it is later than everything before that lock. */
  async now(): Promise<Date> {
    const [row] = await this.manager.query<{ now: Date }[]>('select clock_timestamp() as now');
    if (row === undefined) throw new Error('The database did not tell the time.');
    return row.now;
  }

  /** Called once by `transact`, last: identity values of events are then given under every lock of the transaction. */
  async flush(): Promise<number> {
    if (this.events.length > 0) await writeOutbox(this.manager, this.events);
    return this.events.length;
  }
}

const ATTEMPTS = 5;
/** serialization_failure and deadlock_detected: PostgreSQL rolled back and asks for the same transaction again. */
const TRANSIENT = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction that sees the rows of `scope` alone. Whatever it throws rolls everything back. A deadlock is tried again, up to five
 * times, so `work` must do nothing but database work. After the commit the dispatcher is woken, never before.
 */
export async function transact<Result>(
  database: Database,
  scope: Scope,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { result, events } = await inSpan('transaction', { 'baton.transaction.attempt': attempt }, () =>
        within(database.source, scope, async (manager) => {
          const transaction = new Transaction(manager);
          const value = await work(transaction);
          return { result: value, events: await transaction.flush() };
        }),
      );
      if (events > 0) database.afterCommit();
      return result;
    } catch (error) {
      if (attempt >= ATTEMPTS || !isTransient(error)) throw error;
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof QueryFailedError && TRANSIENT.has(sqlStateOf(error) ?? '');
}

/** The five characters of PostgreSQL's SQLSTATE, where the error has one. */
export function sqlStateOf(error: unknown): string | null {
  const driverError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return driverError instanceof DatabaseError ? (driverError.code ?? null) : null;
}

/** Name of the constraint that a unique_violation hit; null for every other error. */
export function violatedUnique(error: unknown): string | null {
  if (sqlStateOf(error) !== '23505') return null;
  const constraint: unknown = ((error as QueryFailedError).driverError as { constraint?: unknown }).constraint;
  return typeof constraint === 'string' ? constraint : '';
}
