import type { ClientBase } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { keepsPlans } from './data-source';
import { discardOldPlans } from './kept-plans';
import { commitWith, connectionOf, roleIn, type Scope, within } from './scope';

/**
 * A statement of the path that every request or message takes, which PostgreSQL parses and plans once a connection
 * (docs/adr/0046). Its columns are named one by one: a `*` would fail on every open connection after a migration.
 */
export interface Prepared extends Statement {
  readonly name: string;
}

export interface Statement {
  /** At most 40 characters, and never two texts under one. Null: it is parsed and planned each time. */
  readonly name: string | null;
  readonly text: string;
}

/**
 * Sends one; those that are not waited for go along with the next one, in the order in which they are given. 'LAST': the
 * commit goes along with it, which saves a round trip; where the statement fails there is nothing that could be committed.
 */
export type Ask = <Row extends object>(statement: Statement, values: unknown[], place?: 'LAST') => Promise<Row[]>;

/**
 * Asks one of which the plan for all values is known to be as good as one for these values, though PostgreSQL, which
 * guesses how long their lists are, would go on making new ones: of a page by urgency that takes 3 of 5 ms.
 */
export async function askByKeptPlan<Row extends object>(
  manager: EntityManager,
  statement: Statement,
  values: unknown[],
): Promise<Row[]> {
  const ask = await preparedIn(manager);
  if (statement.name === null || !keepsPlans(manager.dataSource)) return ask<Row>(statement, values);
  const connection = await connectionOf(runnerOf(manager));
  const before = connection.query('set local plan_cache_mode = force_generic_plan');
  const answer = ask<Row>(statement, values);
  const after = connection.query('set local plan_cache_mode = auto');
  // Where one has failed the transaction is over, and what comes behind it has failed as well: the answer tells of it.
  await Promise.allSettled([before, answer, after]);
  return answer;
}

/**
 * All of them have an index for whatever they look for. PostgreSQL does not know how much its tables hold, of one that was
 * just made or that is emptied all the time, and would rather read all of it: 5.8 ms for one event out of an outbox from
 * which 60,000 were taken since the last vacuum, instead of 1.2.
 */
const BY_INDEXES = '; set local enable_seqscan = off';

/** PostgreSQL shall not compare the plan that it has with a new one, for making one is what shall be saved. */
function keeping(connection: ClientBase): string {
  return `${BY_INDEXES}; set local plan_cache_mode = force_generic_plan${discardOldPlans(connection)}`;
}

/** As `within`, for prepared statements alone. */
export async function withinPrepared<Result>(
  source: DataSource,
  scope: Scope,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const settings = keepsPlans(source) ? keeping : () => BY_INDEXES;
  return within(source, scope, async (manager) => work(await preparedIn(manager)), settings);
}

/**
 * Asks prepared statements in a transaction of `read`, beside others. There PostgreSQL compares: it keeps a plan for all
 * values where new ones have not been cheaper.
 */
export async function preparedIn(manager: EntityManager): Promise<Ask> {
  const queryRunner = runnerOf(manager);
  const connection = await connectionOf(queryRunner);
  // A plan holds for one role, whose policies it has in it: under one name two of them would push each other out.
  const suffix = roleIn(queryRunner);
  const isKept = keepsPlans(manager.dataSource);
  return async <Row extends object>({ name, text }: Statement, values: unknown[], place?: 'LAST') => {
    const question = { text, values, ...(isKept && name !== null ? { name: `${name} ${suffix}` } : {}) };
    const answer = connection.query<Row>(question);
    if (place === 'LAST') commitWith(queryRunner, connection);
    return (await answer).rows;
  };
}

function runnerOf({ queryRunner }: EntityManager): QueryRunner {
  if (queryRunner === undefined) throw new Error('A transaction has a query runner.');
  return queryRunner;
}
