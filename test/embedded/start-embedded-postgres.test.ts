import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';
import { killHard, launch, makeFolder, makeUsedDirectory, postmasterPid, query, untilGone } from './launched-server';

const folder = makeFolder();
const running: EmbeddedPostgres[] = [];
let directories = 0;

/** Every test has a data directory of its own, in a path with spaces and a quote. */
function newDirectory(): string {
  directories += 1;
  return join(folder.path, `it's number ${directories}`, 'data');
}

let used: Awaited<ReturnType<typeof makeUsedDirectory>>;
beforeAll(async () => {
  used = await makeUsedDirectory(newDirectory());
});

/** The same, where a server has run before. */
function usedDirectory(): string {
  const directory = newDirectory();
  used.copyTo(directory);
  return directory;
}

async function start(dataDirectory: string, durable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, durable, log: () => undefined });
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(() => folder.remove());

describe('startEmbeddedPostgres, refused', () => {
  it('says in one line which process uses the data directory', async () => {
    const directory = usedDirectory();
    const holder = await launch(directory);
    const second = await launch(directory);
    expect(second.refused).toMatch(
      /^EmbeddedPostgresError: Another Baton \(process \d+\) is running on .*: stop it first/,
    );
    expect(second.refused).toContain(`process ${holder.child.pid}`);
    expect(second.refused).not.toContain('\n');
    expect(await query(holder.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await killHard(holder.child);
    await start(directory);
  });

  it('lets exactly one of several win that start at the same moment on what a dead one left', async () => {
    const directory = usedDirectory();
    await killHard((await launch(directory)).child);
    const all = await Promise.all([1, 2, 3].map(() => launch(directory)));
    expect(all.filter(({ url }) => url !== undefined)).toHaveLength(1);
    expect(all.filter(({ refused }) => refused?.includes('Another Baton'))).toHaveLength(2);
    await Promise.all(all.filter(({ url }) => url !== undefined).map(({ child }) => killHard(child)));
    await start(directory);
  });

  it('refuses a second start in the same process, and allows it after a stop', async () => {
    const directory = usedDirectory();
    const first = await start(directory);
    await expect(start(directory)).rejects.toThrow(`process ${process.pid}`);
    await first.stop();
    await first.stop();
    await start(directory);
  });

  it('names BATON_DATA_DIR when the data directory is a file', async () => {
    const directory = join(folder.path, 'a file');
    writeFileSync(directory, '');
    await expect(start(directory)).rejects.toThrow(/a file is not a folder: set BATON_DATA_DIR/);
  });

  it('says so when the password was lost, and leaves the database as it is', async () => {
    const directory = usedDirectory();
    await (await start(directory)).stop();
    const passwordFile = join(directory, 'postgres-password');
    const password = readFileSync(passwordFile, 'utf8');
    writeFileSync(passwordFile, 'another');
    await expect(start(directory)).rejects.toThrow(/does not accept the password in/);
    writeFileSync(passwordFile, password);
    await start(directory);
  });
});

describe('startEmbeddedPostgres, in a new folder', () => {
  it('serves on loopback only, durably, to a role that is no superuser, with a private random password', async () => {
    const directory = newDirectory();
    const { ownerUrl: url } = await start(directory, true);
    const [settings] = await query(
      url,
      `select current_setting('listen_addresses') as addresses,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
        current_setting('server_encoding') as encoding, rolsuper, current_database() as database from pg_roles where rolname = current_user`,
    );
    expect(settings).toEqual({
      ...{ addresses: '127.0.0.1', fsync: 'on', commit: 'on', pages: 'on' },
      ...{ encoding: 'UTF8', rolsuper: false, database: 'baton' },
    });
    const passwordFile = join(directory, 'postgres-password');
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect(new URL(url).password).toBe(readFileSync(passwordFile, 'utf8'));
    expect(new URL(url).password).toMatch(/^[0-9a-f]{48}$/);
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });
});

describe('startEmbeddedPostgres, again', () => {
  it('keeps the data after an orderly stop', async () => {
    const directory = usedDirectory();
    const first = await start(directory);
    await query(first.ownerUrl, 'create table kept as select 7 as seven');
    await first.stop();
    await expect(query(first.ownerUrl, 'select 1')).rejects.toThrow();
    const second = await start(directory);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
  });

  it('recovers what was committed when the server was killed under open connections', async () => {
    const directory = usedDirectory();
    const first = await start(directory, true);
    const busy = new Client({ connectionString: first.ownerUrl });
    await busy.connect();
    const cut = new Promise<void>((resolve) => {
      busy.on('error', () => resolve());
    });
    await busy.query('create table kept as select 7 as seven');
    await busy.query('begin; insert into kept values (8)');
    process.kill(postmasterPid(join(directory, 'postgres')), 'SIGKILL');
    await first.ended;
    await first.stop();
    const second = await start(directory);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
    await cut;
  });

  it('replaces the server that outlived its killed node', async () => {
    const directory = usedDirectory();
    const { child, url = '' } = await launch(directory);
    await query(url, 'create table kept as select 7 as seven');
    await killHard(child);
    const orphan = postmasterPid(join(directory, 'postgres'));
    expect(await query(url, 'select * from kept')).toEqual([{ seven: 7 }]);
    const second = await start(directory);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
    await untilGone(orphan);
    expect(postmasterPid(join(directory, 'postgres'))).not.toBe(orphan);
  });

  it('recovers when node and server were both killed', async () => {
    const directory = usedDirectory();
    const { child, url = '' } = await launch(directory, { durable: true });
    await query(url, 'create table kept as select 7 as seven');
    const pid = postmasterPid(join(directory, 'postgres'));
    await killHard(child);
    process.kill(pid, 'SIGKILL');
    const second = await start(directory);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
  });

  it('is not stopped by a dead server whose pid now belongs to a stranger, and leaves the stranger alone', async () => {
    const directory = usedDirectory();
    await (await start(directory)).stop();
    const cluster = join(directory, 'postgres');
    const { uid, gid } = statSync(cluster);
    const stranger = spawn('sleep', ['60'], { ...(process.getuid?.() === 0 ? { uid, gid } : {}), cwd: '/' });
    await once(stranger, 'spawn');
    writeFileSync(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n  1 1\nready\n`);
    await start(directory);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
  });

  it('begins anew when making the cluster was cut short', async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'postgres.new', 'base'), { recursive: true, mode: 0o711 });
    await start(directory);
  });
});

describe('startEmbeddedPostgres, when its process ends', () => {
  it('keeps serving through Ctrl-C in the terminal until it is stopped', async () => {
    const { child, next } = await launch(usedDirectory(), { group: true });
    const ended = once(child, 'exit');
    // The terminal signals the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await next()).toEqual({ queried: 42 });
    expect(await ended).toEqual([0, null]);
  });

  it('takes the server along on process.exit without a stop', async () => {
    const directory = usedDirectory();
    const { child } = await launch(directory);
    const pid = postmasterPid(join(directory, 'postgres'));
    child.kill('SIGTERM');
    await once(child, 'exit');
    await untilGone(pid);
  });
});
