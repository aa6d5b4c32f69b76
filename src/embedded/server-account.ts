import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readFile, stat } from 'node:fs/promises';

import { errorCode } from './embedded-postgres-error';

/** The account that runs PostgreSQL when we are root, which PostgreSQL refuses to run as. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/** What a finished program left behind. */
export interface ProgramResult {
  /** Null when it could not be run at all. */
  exitCode: number | null;
  output: string;
}

/**
 * Chooses who runs the server: ourselves (undefined), or as root the owner of an existing cluster, else `nobody`.
 * The owner counts, because PostgreSQL opens only a cluster that belongs to the account that runs it.
 */
export async function chooseServerAccount(cluster: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return nobody();
}

async function nobody(): Promise<ServerAccount> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(accounts) ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** The options of `spawn` that run a program as `account`, away from a folder or variables it could stumble over. */
export function spawnOptionsFor(account: ServerAccount | undefined): {
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  // The working folder may be closed to the account; variables such as PGDATA or LC_ALL would change what PostgreSQL does.
  const base = { cwd: '/', env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
  // spawn wants signed numbers: nobody is -2 on macOS, which stat reports as 4294967294.
  return account === undefined ? base : { ...base, uid: account.uid | 0, gid: account.gid | 0 };
}

/** Gives a file or folder to the account; nothing to do when we run the server ourselves. */
export async function giveTo(account: ServerAccount | undefined, path: string): Promise<void> {
  if (account !== undefined) await chown(path, account.uid >>> 0, account.gid >>> 0);
}

/** Runs a program to its end as `account`. Never rejects for a program that fails: look at `exitCode`. */
export async function runAs(
  account: ServerAccount | undefined,
  program: string,
  parameters: readonly string[],
): Promise<ProgramResult> {
  let output = '';
  try {
    const child = spawn(program, parameters, { ...spawnOptionsFor(account), stdio: ['ignore', 'pipe', 'pipe'] });
    const collect = (piece: Buffer): void => {
      output += piece.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await once(child, 'close');
    return { exitCode: child.exitCode, output: output.trim() };
  } catch (error) {
    return { exitCode: null, output: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the account can enter `folder`, all folders above it included. */
export async function canEnter(account: ServerAccount | undefined, folder: string): Promise<boolean> {
  const result = await runAs(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
  return result.exitCode === 0;
}
