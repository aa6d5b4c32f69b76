import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { runAs, type ServerAccount } from './server-account';

/**
 * The folder that holds PostgreSQL's own `bin`, `lib` and `share`: the one npm installed when the account can run it, else a copy
 * of it in `home` (a checkout under a 0700 folder, or a node_modules that we may not write to).
 * @throws EmbeddedPostgresError when there is none for this platform, or it does not run here.
 */
export async function prepareNativeFolder(home: string, account: ServerAccount | undefined): Promise<string> {
  const { native, version } = await installedNativeFolder();
  if (isPlain(native) && (await linkLibraries(native)) && (await run(native, account)).exitCode === 0) return native;

  const copy = join(home, `postgres-program-${version}`);
  if (!isPlain(copy)) {
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot run from ${native} or ${copy}: the path must be readable and hold none of " $ \` \\.`,
    );
  }
  if ((await run(copy, account)).exitCode === 0) return copy;
  await copyNativeFolder(native, copy);
  const { exitCode, output } = await run(copy, account);
  if (exitCode === 0) return copy;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not run on this machine (${output.split('\n')[0] ?? ''}): set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function installedNativeFolder(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const description: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const { version } = description as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `No embedded PostgreSQL is installed for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** initdb runs its neighbour `postgres` through a shell, inside double quotes and without escaping: spaces are fine, these are not. */
function isPlain(path: string): boolean {
  return !/["$`\\]/.test(path);
}

function run(native: string, account: ServerAccount | undefined): ReturnType<typeof runAs> {
  return runAs(account, join(native, 'bin', 'postgres'), ['--version']);
}

/**
 * npm tarballs carry no symbolic links, so the package lists them in a file; its install script would make them, but not under
 * `npm ci --ignore-scripts`. Returns false when the folder is not ours to write to.
 */
async function linkLibraries(native: string): Promise<boolean> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    try {
      await symlink(relative(dirname(link), join(dirname(native), source)), link);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function copyNativeFolder(native: string, copy: string): Promise<void> {
  // Filled aside and renamed: a copy cut short must not pass for a whole one. The last part keeps the name "native", see linkLibraries.
  const aside = `${copy}.new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  await cp(native, join(aside, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith('.a'),
  });
  await openToAll(aside);
  await linkLibraries(join(aside, 'native'));
  await rm(copy, { recursive: true, force: true });
  await rename(join(aside, 'native'), copy);
  await rm(aside, { recursive: true });
}

/** Makes a tree readable for the account: an installation under umask 077 is not. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
