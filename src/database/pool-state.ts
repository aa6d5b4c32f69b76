import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The pool of a data source that is initialized, at this moment. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  /** Who waits for a connection. Whoever waits longer than 10 s gets an error instead. */
  readonly waiting: number;
}

export function poolStateOf(source: DataSource): PoolState {
  // Of the PostgreSQL driver, which TypeORM's own type does not say.
  const { master } = source.driver as unknown as { master: Pool };
  return { total: master.totalCount, idle: master.idleCount, waiting: master.waitingCount };
}
