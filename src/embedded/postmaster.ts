import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findFreePort } from './free-port';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { readPostmasterFile } from './leftover-server';
import { giveTo, spawnOptionsFor, type ServerAccount } from './server-account';

/** A running PostgreSQL that is a child of this process. */
export interface Postmaster {
  port: number;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  /** Ends all connections, writes everything down and stops the server. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  native: string;
  cluster: string;
  account: ServerAccount | undefined;
  durable: boolean;
  socketDirectory: string;
  logFile: string;
  log: (line: string) => void;
}

/** Back ends notice within a second or so that their postmaster was killed; until then the next one is refused. */
const RETRY_LIMIT_MS = 15_000;
const RETRIED = /pre-existing shared memory block|could not bind|lock file ".*" (already exists|is empty)/;
const READY_LIMIT_MS = 120_000;
const LOG_LIMIT_BYTES = 2_000_000;
/** 4096 rounds of a password's hash, which is the default, are 3 ms for each side of a connection, and tests open thousands. */
const FOR_TESTS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  scram_iterations: 1,
  autovacuum: 'off',
};

/**
 * Starts the server and waits until it takes connections, replaying what a crash left in its journal.
 * @throws EmbeddedPostgresError with the server's own reason.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const begun = performance.now();
  for (;;) {
    const port = await findFreePort();
    const logHandle = await openLog(options.logFile, options.account);
    try {
      const offset = (await logHandle.stat()).size;
      const child = spawnPostgres(options, port, logHandle);
      if (await waitUntilReady(child, options)) return wrap(child, port);
      const reason = await reasonOfEnd(options.logFile, offset);
      if (!RETRIED.test(reason) || performance.now() - begun > RETRY_LIMIT_MS) {
        throw new EmbeddedPostgresError(`PostgreSQL did not start: ${reason} (its log: ${options.logFile})`);
      }
    } finally {
      await logHandle.close();
    }
    await delay(100);
  }
}

function spawnPostgres(
  { native, cluster, account, durable, socketDirectory }: PostmasterOptions,
  port: number,
  log: FileHandle,
): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketDirectory,
    max_connections: 200,
    shared_buffers: '64MB',
    max_wal_senders: 0,
    wal_level: 'minimal',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    jit: 'off',
    ...(durable ? {} : FOR_TESTS),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn(join(native, 'bin', 'postgres'), ['-D', cluster, ...flags], {
    ...spawnOptionsFor(account),
    // Its own process group: Ctrl-C in the terminal is for Baton, which still needs the database while it shuts down.
    detached: true,
    // A file, not a pipe: the server must be able to write when this process is gone.
    stdio: ['ignore', log.fd, log.fd],
  });
}

/** False when the server ended instead. */
async function waitUntilReady(child: ChildProcess, { cluster, log }: PostmasterOptions): Promise<boolean> {
  const begun = performance.now();
  let said = false;
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  while (child.exitCode === null && child.signalCode === null) {
    if (failure !== undefined) throw new EmbeddedPostgresError('PostgreSQL could not be run', { cause: failure });
    const found = await readPostmasterFile(cluster);
    if (found?.pid === child.pid && found?.status === 'ready') return true;
    const waited = performance.now() - begun;
    if (waited > 3_000 && !said) {
      said = true;
      log('PostgreSQL is putting its files in order after a crash');
    }
    if (waited > READY_LIMIT_MS) {
      child.kill('SIGINT');
      throw new EmbeddedPostgresError(`PostgreSQL was not ready after ${READY_LIMIT_MS / 1000} s`);
    }
    await delay(10);
  }
  return false;
}

function wrap(child: ChildProcess, port: number): Postmaster {
  const interrupt = (): void => void child.kill('SIGINT');
  // process.exit() without a stop: the server still shuts down in good order, only nobody waits for it.
  process.once('exit', interrupt);
  const ended = once(child, 'exit').then(() => void process.removeListener('exit', interrupt));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // SIGINT ends the connections first, SIGTERM would wait for them. SIGQUIT leaves the rest to the journal at the next start.
    child.kill('SIGINT');
    const impatient = setTimeout(() => child.kill('SIGQUIT'), 20_000);
    await ended;
    clearTimeout(impatient);
  };
  return { port, ended, stop };
}

async function openLog(path: string, account: ServerAccount | undefined): Promise<FileHandle> {
  const size = await stat(path).then(
    (found) => found.size,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return 0;
      throw error;
    },
  );
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  const handle = await open(path, 'a', 0o600);
  await giveTo(account, path);
  return handle;
}

async function reasonOfEnd(logFile: string, offset: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(offset).toString('utf8').trim().split('\n');
  const fatal = lines.filter((line) => /FATAL|PANIC/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  return fatal.replace(/^.*?(FATAL|PANIC): +/, '') || 'it gave no reason';
}
