import { AdminError, type Terminal } from '../admin/admin-command';
import { runAdmin } from '../admin/run-admin';
import type { Config } from '../config/config';
import { EmbeddedPostgresError } from '../embedded/embedded-postgres-error';
import { runningPostgresUrl } from '../embedded/running-postgres';
import { requireDatabase } from './require-database';
import { StartError } from './run-root';
import { secretBoxOf } from './secret-keys';

export interface CallerTerminal extends Terminal {
  /** Where a person reads why nothing was done. */
  complain(line: string): void;
}

/** Does what was typed after `npm run admin --`. Exit code 0 when it is done, else 1 and one line that says why not. */
export async function callAdmin(config: Config, args: readonly string[], terminal: CallerTerminal): Promise<0 | 1> {
  try {
    await runAdmin(args, terminal, {
      findDatabase: () => (config.database.url === null ? runningPostgresUrl(config.dataDir) : requireDatabase(config)),
      secrets: config.secretKeys.length > 0 ? secretBoxOf(config) : null,
    });
    return 0;
  } catch (error) {
    const isExplained = [AdminError, StartError, EmbeddedPostgresError].some((kind) => error instanceof kind);
    terminal.complain(
      error instanceof Error ? ((isExplained ? undefined : error.stack) ?? error.message) : String(error),
    );
    return 1;
  }
}
