import { RolesRefusedError } from '../database/roles';
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
  const isExplained = [StartError, EmbeddedPostgresError, RolesRefusedError].some((kind) => error instanceof kind);
  if (isExplained && error instanceof Error) return error.message;
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
