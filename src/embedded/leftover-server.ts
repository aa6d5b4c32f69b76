import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { commandLine, isTaken, processesWorkingIn } from './process-identity';

const STOP_LIMIT_MS = 20_000;

/** The lines of `postmaster.pid` that matter here; undefined when the file is not there. */
export async function readPostmasterFile(
  cluster: string,
): Promise<{ pid: number; port: number; status: string } | undefined> {
  try {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Clears the way after a crash. A server that outlived its node (which was killed, or the caller would not hold the directory's
 * lock) is stopped: a stop and a start cost 0.1 s, and the new server has today's settings and is our child.
 */
export async function clearLeftoverServer(cluster: string, log: (line: string) => void): Promise<void> {
  const found = await readPostmasterFile(cluster);
  if (found === undefined) return;
  if (isServerOf(cluster, found.pid)) {
    log(`stopping PostgreSQL (process ${found.pid}), which an earlier run left behind`);
    await stopLeftover(cluster, found.pid);
  } else if (isTaken(found.pid) && processesWorkingIn(cluster)?.length === 0) {
    // The pid of the dead server now belongs to a stranger or a zombie, common in containers, and PostgreSQL would refuse to start
    // because of it. Only without a living back end in the cluster: this file is what keeps a second server away from its memory.
    await rm(join(cluster, 'postmaster.pid'), { force: true });
  }
}

/** A signal must never reach a stranger that got the pid: our servers carry their cluster in the command line. */
export function isServerOf(cluster: string, pid: number): boolean {
  const line = commandLine(pid);
  return line?.includes('postgres') === true && line.includes(`-D ${cluster} `);
}

async function stopLeftover(cluster: string, pid: number): Promise<void> {
  const started = performance.now();
  process.kill(pid, 'SIGINT');
  while (isServerOf(cluster, pid)) {
    if (performance.now() - started > STOP_LIMIT_MS) {
      throw new EmbeddedPostgresError(
        `PostgreSQL (process ${pid}) of an earlier run does not stop: end it with kill -QUIT ${pid}.`,
      );
    }
    await delay(10);
  }
}
