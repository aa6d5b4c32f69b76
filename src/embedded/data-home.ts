import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, readdir, realpath, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { canEnter, giveTo, type ServerAccount } from './server-account';

const POINTER_FILE = 'postgres-location';

/** Where a database goes that its account could not reach in the data directory; the first that works is taken. */
const READABLE_PLACES = ['/var/lib/baton', '/usr/local/var/baton', join(tmpdir(), 'baton-data')];

/**
 * Makes the data directory with all folders above it.
 * As root, what is made here can be passed through by the account that runs PostgreSQL, whatever the umask: `mkdir -p` with a
 * closed mode would close the parents too. A folder that was there and empty is opened for passing through in the same way.
 * Returns its real path.
 */
export async function prepareDataDirectory(directory: string): Promise<string> {
  const asRoot = process.getuid?.() === 0;
  for (const folder of await missingFolders(directory)) {
    await mkdir(folder).catch(ignoreExisting);
    if (folder === directory) await chmod(folder, asRoot ? 0o711 : 0o700);
    else if (asRoot) await chmod(folder, 0o755);
  }
  const { mode, uid } = await stat(directory);
  if (asRoot && uid === 0 && (mode & 0o001) === 0 && (await readdir(directory)).length === 0) {
    await chmod(directory, mode | 0o011);
  }
  return realpath(directory);
}

/**
 * The folder that holds the cluster: the data directory, or, when we are root and the account may not pass through the folders
 * above it, a readable place of which the data directory keeps the path in the file `postgres-location`.
 * @throws EmbeddedPostgresError when an existing database is out of reach or gone.
 */
export async function chooseHome(options: {
  dataDirectory: string;
  account: ServerAccount | undefined;
  readablePlaces?: readonly string[];
  log: (line: string) => void;
}): Promise<string> {
  const { dataDirectory, account, log } = options;
  const pointed = await readPointer(dataDirectory);
  if (pointed !== undefined) return pointed;
  if (account === undefined) return dataDirectory;
  if (await canUse(dataDirectory, account)) return dataDirectory;
  if (await isFolder(join(dataDirectory, 'postgres'))) {
    throw new EmbeddedPostgresError(
      `The account that runs PostgreSQL (uid ${account.uid}) cannot reach ${dataDirectory}: allow passing through the folders above it (chmod o+x).`,
    );
  }
  for (const place of options.readablePlaces ?? READABLE_PLACES) {
    const home = await makeReadableHome(place, dataDirectory, account);
    if (home === undefined) continue;
    await writeFile(join(dataDirectory, POINTER_FILE), home, { mode: 0o600 });
    log(`PostgreSQL may not enter ${dataDirectory} (we are root, it is not), so the database is kept in ${home}`);
    return home;
  }
  throw new EmbeddedPostgresError(
    `No folder was found that the account that runs PostgreSQL (uid ${account.uid}) can reach: set BATON_DATA_DIR to one that everybody may pass through.`,
  );
}

async function missingFolders(directory: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = directory; !(await isFolder(folder)) && folder !== dirname(folder); folder = dirname(folder)) {
    missing.unshift(folder);
  }
  return missing;
}

/** Where the cluster of a data directory is kept, so far as it was decided: there may be none yet. */
export async function homeOf(dataDirectory: string): Promise<string> {
  return (await readPointer(dataDirectory)) ?? dataDirectory;
}

async function readPointer(dataDirectory: string): Promise<string | undefined> {
  const pointer = join(dataDirectory, POINTER_FILE);
  const home = await readFile(pointer, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (home === undefined || (await isFolder(home))) return home;
  throw new EmbeddedPostgresError(
    `The database was kept in ${home}, which is gone: delete ${pointer} to begin with an empty one.`,
  );
}

/** Entering is not all: some mounts (NFS, shared folders of a container) do not let us give files away. */
async function canUse(folder: string, account: ServerAccount): Promise<boolean> {
  if (!(await canEnter(account, folder))) return false;
  const probe = join(folder, 'postgres-probe');
  await mkdir(probe, { mode: 0o700 }).catch(ignoreExisting);
  try {
    await giveTo(account, probe);
    return await canEnter(account, probe);
  } catch (error) {
    if (errorCode(error) === 'EPERM' || errorCode(error) === 'EINVAL') return false;
    throw error;
  } finally {
    await rmdir(probe);
  }
}

async function makeReadableHome(
  place: string,
  dataDirectory: string,
  account: ServerAccount,
): Promise<string | undefined> {
  const home = join(place, createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16));
  try {
    for (const folder of [place, home]) {
      await mkdir(folder).catch(ignoreExisting);
      // In a shared place such as /tmp somebody else may have made it first, to read or replace what we put there.
      const found = await lstat(folder);
      if (found.uid !== 0 || !found.isDirectory()) return undefined;
      await chmod(folder, 0o711);
    }
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EROFS', 'EPERM', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
  return (await canUse(home, account)) ? realpath(home) : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
