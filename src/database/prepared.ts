import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { keepsPlans } from './data-source';
import { connectionOf, type Scope, scopeRole, within } from './scope';

/**
 * A statement of the path that every request or message takes, which PostgreSQL parses and plans once a connection
 * (docs/adr/0046). Its columns are named one by one: a `*` would fail on every open connection after a migration.
 */
export interface Prepared {
  /** At most 40 characters, and never two texts under one. */
  readonly name: string;
  readonly text: string;
}

/** Sends one; those that are not waited for go along with the next one, in the order in which they are given. */
export type Ask = <Row extends object>(statement: Prepared, values: unknown[]) => Promise<Row[]>;

/** For so long a plan is kept: a table may have grown meanwhile that was empty when it was made. */
const KEPT_MS = 10_000;

const plannedAt = new WeakMap<ClientBase, number>();

/** PostgreSQL shall not compare the plan that it has with a new one, for making one is what shall be saved. */
function keeping(connection: ClientBase): string {
  const kept = '; set local plan_cache_mode = force_generic_plan';
  if (Date.now() - (plannedAt.get(connection) ?? 0) < KEPT_MS) return kept;
  plannedAt.set(connection, Date.now());
  return `${kept}; discard plans`;
}

/** As `within`, for prepared statements alone. */
export async function withinPrepared<Result>(
  source: DataSource,
  scope: Scope,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const isKept = keepsPlans(source);
  return within(
    source,
    scope,
    async (manager) => {
      if (manager.queryRunner === undefined) throw new Error('A transaction has a query runner.');
      const connection = await connectionOf(manager.queryRunner);
      // A plan holds for one role, whose policies it has in it: under one name two of them would push each other out.
      const suffix = scopeRole(scope);
      return work(async <Row extends object>({ name, text }: Prepared, values: unknown[]) => {
        const question = { text, values, ...(isKept ? { name: `${name} ${suffix}` } : {}) };
        return (await connection.query<Row>(question)).rows;
      });
    },
    isKept ? keeping : undefined,
  );
}
