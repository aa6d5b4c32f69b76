import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { keepsPlans } from '../database/data-source';
import { connectionOf } from '../database/scope';
import { sqlStateOf } from '../database/transact';
import { StartError } from './run-root';

const QUESTION = { name: 'kept', text: 'select 1', values: [] };
/** A pooler with a single connection answers only when that is free again; it then has what was prepared on it. */
const ANSWER_MS = 2000;
const NO_SUCH_STATEMENT = '26000';

/**
 * A pooler that gives each transaction to any of its connections, and does not know of prepared statements, would fail one
 * request in a few. Seen by holding the connection on which one was prepared, and asking for it again.
 *
 * @throws StartError
 */
export async function requireKeptPlans(source: DataSource): Promise<void> {
  if (!keepsPlans(source)) return;
  const [asking, holding] = [source.createQueryRunner(), source.createQueryRunner()];
  try {
    const connection = await connectionOf(asking);
    await connection.query(QUESTION);
    await holding.startTransaction();
    const again = connection.query(QUESTION);
    await Promise.race([again.catch(() => undefined), delay(ANSWER_MS, undefined, { ref: false })]);
    await holding.rollbackTransaction();
    await again;
  } catch (error) {
    if (sqlStateOf(error) !== NO_SUCH_STATEMENT) throw error;
    throw new StartError(
      'DATABASE_URL leads through a pooler that loses prepared statements. Set DATABASE_PREPARED=off; or give PgBouncer 1.21 or newer max_prepared_statements = 300.',
      { cause: error },
    );
  } finally {
    await asking.release();
    await holding.release();
  }
}
