import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { processIdentity } from './process-identity';

/** Held while one process uses a data directory. */
export interface DirectoryLock {
  release(): Promise<void>;
}

const LOCK_FILE = 'postgres.lock';
/** A lock file is written in one short call; one that stays empty longer was left by a process that died in it. */
const EMPTY_LOCK_CHECKS = 20;

/**
 * Claims `directory` for this process. A lock whose owner is dead is taken over, so nothing needs cleaning up after `kill -9`.
 * @throws EmbeddedPostgresError naming the process that holds it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  for (;;) {
    if (await createLock(path, mine)) return { release: () => rm(path, { force: true }) };
    const found = await readLock(path);
    if (found === undefined) continue;
    const holder = livingHolder(found);
    if (holder !== undefined) {
      throw new EmbeddedPostgresError(
        `Another Baton (process ${holder}) is running on ${directory}: stop it first, or set BATON_DATA_DIR to another folder.`,
      );
    }
    await removeStaleLock(path, found);
  }
}

async function createLock(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<string | undefined> {
  for (let check = 0; ; check += 1) {
    const content = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (content !== '' || check === EMPTY_LOCK_CHECKS) return content;
    await delay(25);
  }
}

function livingHolder(content: string): number | undefined {
  const [, pid, identity] = /^\{"pid":(\d+),"identity":"([^"]*)"\}$/.exec(content) ?? [];
  return pid !== undefined && processIdentity(Number(pid)) === identity ? Number(pid) : undefined;
}

/** Two starters may find the same stale lock; the slower one must not throw away the fresh lock of the faster one. */
async function removeStaleLock(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === stale) await rm(aside);
  else await rename(aside, path);
}
