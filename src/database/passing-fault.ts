import { QueryFailedError } from 'typeorm';

/**
 * SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection, rollback by the server,
 * out of resources, stopped by an operator or restarting.
 */
const PASSING_CLASSES = new Set(['08', '40', '53', '57']);
const PASSING_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** What `pg` throws without a code, and TypeORM between two statements of a connection that was lost. */
const PASSING_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Query runner already released)/;

/** Whether the database failed in a way that passes: the same statement may well succeed in a moment. */
export function isPassingFault(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { code?: unknown };
  if (typeof code !== 'string') return PASSING_MESSAGE.test(cause.message);
  return PASSING_CODES.has(code) || (code.length === 5 && PASSING_CLASSES.has(code.slice(0, 2)));
}
