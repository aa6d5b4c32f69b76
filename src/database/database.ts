import type { DataSource } from 'typeorm';

/** What a command needs to run: the pool, and whom to wake once something has been committed. */
export interface Database {
  readonly source: DataSource;
  /** Called after a commit that left rows in the outbox. Must not throw and must not wait. */
  readonly afterCommit: () => void;
}
