import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

import { processIdentity } from '../../src/embedded/process-identity';
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';
import { folderForServers } from '../support/folder-for-servers';

/** What a launching process printed: see launch-server.cjs. */
export interface Launched {
  child: ChildProcess;
  url: string | undefined;
  refused: string | undefined;
  logs: string[];
  next(): Promise<Record<string, unknown>>;
}

const LAUNCHER = join(__dirname, '..', '..', 'src', 'embedded', 'start-embedded-postgres.ts');

const children = new Set<ChildProcess>();

/** Runs the launcher in a process of its own until it is ready or has refused. */
export async function launch(
  dataDirectory: string,
  how: { launcher?: string; uid?: number; group?: boolean; durable?: boolean } = {},
): Promise<Launched> {
  const { launcher = LAUNCHER, uid, group = false, durable = false } = how;
  const options = JSON.stringify({ dataDirectory, durable });
  const child = spawn(process.execPath, [join(__dirname, 'launch-server.cjs'), launcher, options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: group,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the launching process ended without a word');
    return JSON.parse(value) as Record<string, unknown>;
  };
  const launched: Launched = { child, url: undefined, refused: undefined, logs: [], next };
  while (launched.url === undefined && launched.refused === undefined) {
    const line = await next();
    if (typeof line.log === 'string') launched.logs.push(line.log);
    if (typeof line.url === 'string') launched.url = line.url;
    if (typeof line.refused === 'string') launched.refused = line.refused;
  }
  return launched;
}

/** kill -9 and wait until the process is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  children.delete(child);
}

async function endWithItsServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

export function postmasterPid(cluster: string): number {
  return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
}

/** Waits until no process has the pid; the test's own time limit ends a wait in vain. */
export async function untilGone(pid: number): Promise<void> {
  while (processIdentity(pid) !== undefined) await delay(10);
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

/** A data directory whose server has run once and was stopped: to be copied, at a tenth of what making a cluster costs. */
export async function makeUsedDirectory(path: string): Promise<{ copyTo(path: string): void }> {
  await (await startEmbeddedPostgres({ dataDirectory: path, durable: false, log: () => undefined })).stop();
  return {
    copyTo: (copy) => {
      mkdirSync(dirname(copy), { recursive: true });
      // With its owners, which fs.cp does not keep: as root the cluster belongs to another account.
      execFileSync('cp', ['-a', path, copy]);
    },
  };
}

/** A folder of this test run that PostgreSQL may pass through, also when we are root. */
export function makeFolder(): { path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(folderForServers(), 'baton launcher '));
  chmodSync(path, 0o755);
  return {
    path,
    remove: async () => {
      await Promise.all([...children].map(endWithItsServer));
      rmSync(path, { recursive: true, force: true });
    },
  };
}
