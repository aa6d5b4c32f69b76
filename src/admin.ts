import 'reflect-metadata';
import { text } from 'node:stream/consumers';
import { AdminError } from './admin/admin-command';
import { runAdmin } from './admin/run-admin';
import { loadConfig } from './config/load-config';
import { EmbeddedPostgresError } from './embedded/embedded-postgres-error';
import { runningPostgresUrl } from './embedded/running-postgres';
import { requireDatabase } from './process/require-database';
import { StartError } from './process/run-root';
import { secretBoxOf } from './process/secret-keys';

const config = loadConfig();
const terminal = {
  print: (line: string): void => void process.stdout.write(`${line}\n`),
  readInput: () => text(process.stdin),
};

/** `npm run admin -- <command>`: exit code 0 when it is done, else 1 and one line that says why not. */
runAdmin(process.argv.slice(2), terminal, {
  findDatabase: () => (config.database.url === null ? runningPostgresUrl(config.dataDir) : requireDatabase(config)),
  secrets: config.secretKeys.length > 0 ? secretBoxOf(config) : null,
}).catch((error: unknown) => {
  const isExplained = [AdminError, StartError, EmbeddedPostgresError].some((kind) => error instanceof kind);
  const reason = error instanceof Error ? ((isExplained ? undefined : error.stack) ?? error.message) : String(error);
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
});
