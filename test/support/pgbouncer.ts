import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findFreePort } from '../../src/embedded/free-port';

export interface PgBouncer {
  /** The same database and role, through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian installs it where an ordinary account does not look. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
const program = FOLDERS.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path));

/** A suite that needs PgBouncer; skipped where the machine has none (`npm test` says so). */
export const describeWithPgBouncer = program === undefined ? describe.skip : describe;

/** Pools in transaction mode, two connections to PostgreSQL for all clients. */
export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const url = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'baton-pgbouncer-'));
  const port = await findFreePort();
  const settings = [
    '[databases]',
    `* = host=${url.hostname} port=${url.port}`,
    '[pgbouncer]',
    ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'auth_type = plain'],
    ...[`auth_file = ${join(folder, 'users')}`, 'pool_mode = transaction', 'default_pool_size = 2'],
  ];
  writeFileSync(join(folder, 'settings'), `${settings.join('\n')}\n`);
  writeFileSync(join(folder, 'users'), `"${url.username}" "${url.password}"\n`);
  // It refuses to run as root, and then has to read both as somebody else.
  for (const path of [folder, join(folder, 'settings'), join(folder, 'users')]) chmodSync(path, 0o755);
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(program ?? '', ['-q', join(folder, 'settings')], { stdio: 'ignore', ...account });
  url.port = String(port);
  url.search = '';
  await untilAnswering(child, url.href);
  return {
    url: url.href,
    stop: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(child: ChildProcess, url: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch {
      await delay(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
