import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { giveTo, runAs, type ServerAccount } from './server-account';

/** The role that owns the cluster; everyday work is done by a role without its powers. */
export const SUPERUSER = 'postgres';

/** Reads the password of the database from the data directory, or makes it there (mode 0600). */
export async function readOrMakePassword(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, 'postgres-password');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  // Written aside and renamed: an empty password file after a crash would lock us out of the database.
  const password = randomBytes(24).toString('hex');
  await writeFile(`${path}.new`, password, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return password;
}

/**
 * Makes the cluster unless it is there. It is built aside and renamed, so one that was cut short is never opened.
 * @throws EmbeddedPostgresError with what initdb said.
 */
export async function prepareCluster(options: {
  home: string;
  cluster: string;
  native: string;
  account: ServerAccount | undefined;
  password: string;
}): Promise<void> {
  const { home, cluster, native, account, password } = options;
  if (await exists(join(cluster, 'PG_VERSION'))) return;
  const aside = `${cluster}.new`;
  const passwordFile = join(home, 'postgres-password.initdb');
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { mode: 0o700 });
    await giveTo(account, aside);
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(account, passwordFile);
    const { exitCode, output } = await runAs(account, join(native, 'bin', 'initdb'), [
      ...['-D', aside, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions'],
    ]);
    if (exitCode !== 0) {
      throw new EmbeddedPostgresError(`The database could not be made in ${home}: ${lastLine(output)}`);
    }
    await rename(aside, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.find((line) => line.includes('error:')) ?? lines.at(-1) ?? 'initdb gave no reason';
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
