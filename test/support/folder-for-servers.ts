import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** A whole run writes 1 to 2 GB; the rest is for whoever else is on the machine. */
const ENOUGH_BYTES = 6 * 2 ** 30;

/**
 * Where the data of PostgreSQL servers of tests goes: into memory where Linux has enough of it, else where temporary files
 * go. A database is a thousand files, made and deleted for each test file: on a disk that takes three times as long.
 */
export function folderForServers(): string {
  return isUsable() ? MEMORY : tmpdir();
}

function isUsable(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES && mayRunPrograms();
  } catch {
    // Not a Linux, or one that shows less.
    return false;
  }
}

/** Containers often may not: PostgreSQL's programs are copied beside its data when its account cannot read them elsewhere. */
function mayRunPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const options = mounts.map((line) => line.split(' ')).findLast(([, folder]) => folder === MEMORY)?.[3];
  return options !== undefined && !options.split(',').includes('noexec');
}
