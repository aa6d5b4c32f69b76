import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { applicationUrl } from './addresses';
import { homeOf } from './data-home';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { isServerOf, readPostmasterFile } from './leftover-server';

/**
 * The address of the embedded PostgreSQL that another process of Baton runs on this data directory.
 * @throws EmbeddedPostgresError with one line when none is running there, or when it is not ours to use.
 */
export async function runningPostgresUrl(dataDirectory: string): Promise<string> {
  try {
    // PostgreSQL was started with the real path: its command line is what proves that it is ours.
    const directory = await realpath(dataDirectory);
    const cluster = join(await homeOf(directory), 'postgres');
    const found = await readPostmasterFile(cluster);
    if (found === undefined || !isServerOf(cluster, found.pid) || found.status !== 'ready')
      throw notRunning(dataDirectory);
    const password = (await readFile(join(directory, 'postgres-password'), 'utf8')).trim();
    return applicationUrl(found.port, password);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw notRunning(dataDirectory);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new EmbeddedPostgresError(
      `The data directory ${dataDirectory} is not ours to read (${code}): use the account that started Baton.`,
      { cause: error },
    );
  }
}

function notRunning(directory: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `No Baton is running on ${directory}: run \`npm start\` first, or set DATABASE_URL (or BATON_DATA_DIR).`,
  );
}
