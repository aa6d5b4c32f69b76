import { EmbeddedPostgresError } from '../embedded/embedded-postgres-error';

/** A start that cannot go on for a reason that a person can do something about: the message is one line. */
export class StartError extends Error {}

/** Runs a root. What it throws ends the process: one line when the cause is known, the whole error when it is not. */
export async function runRoot(root: () => Promise<void>): Promise<void> {
  try {
    await root();
  } catch (error) {
    process.stderr.write(`Baton cannot start: ${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof StartError || error instanceof EmbeddedPostgresError) return error.message;
  const { code } = error as { code?: unknown };
  const text = error instanceof Error ? error.message || error.name : String(error);
  if (code === 'EADDRINUSE') return 'PORT is taken by another process: stop that one, or set PORT to another number.';
  if (typeof code === 'string' && CONNECTION_ERRORS.has(code)) {
    return `DATABASE_URL leads to no PostgreSQL that answers (${code}): check host, port, name and password.`;
  }
  return error instanceof Error && error.stack !== undefined ? error.stack : text;
}

/** Of node's sockets, and PostgreSQL's own: unknown database, wrong password, server starting or full. */
const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '3D000',
  '28P01',
  '28000',
  '57P03',
  '53300',
]);
