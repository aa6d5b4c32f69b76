import type { ClientBase } from 'pg';

/** For so long a plan is kept: a table may have grown meanwhile that was empty when it was made. */
const KEPT_MS = 10_000;

const plannedAt = new WeakMap<ClientBase, number>();

/** SQL for the beginning of a transaction that uses prepared statements, with a semicolon before it: lets go of old plans. */
export function discardOldPlans(connection: ClientBase): string {
  if (Date.now() - (plannedAt.get(connection) ?? 0) < KEPT_MS) return '';
  plannedAt.set(connection, Date.now());
  return '; discard plans';
}
