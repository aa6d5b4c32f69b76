import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

import { migrateDatabase } from '../../src/database/migrate';
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';
import { folderForServers } from './folder-for-servers';
import { databaseUrl, TEMPLATE_DATABASE } from './test-database';
import { isRedisInstalled, startTestRedis } from './test-redis';

export interface TestServers {
  /** Of the superuser, who sees everything: for tests, never for Baton. */
  superuserUrl: string;
  /** Of the role that Baton runs as, on a database that is not there. */
  applicationUrl: string;
  /** Undefined on a machine without `redis-server`. */
  redisUrl: string | undefined;
  stop(): Promise<void>;
}

/** Starts the servers that all test files share, in a folder that goes away with them, also when the run is killed. */
export async function startTestServers(): Promise<TestServers> {
  const folder = await mkdtemp(join(folderForServers(), 'baton-test-'));
  // As root, PostgreSQL runs as nobody and must get through.
  await chmod(folder, 0o755);
  const redisPidFile = join(folder, 'redis.pid');
  const dismissReaper = startReaper(folder, [join(folder, 'data', 'postgres', 'postmaster.pid'), redisPidFile]);
  const socketDirectory = join(folder, 'sockets');
  await mkdir(socketDirectory);
  await chmod(socketDirectory, 0o777);
  const [postgres, redis] = await Promise.all([
    startEmbeddedPostgres({
      dataDirectory: join(folder, 'data'),
      log: () => undefined,
      durable: false,
      socketDirectory,
    }),
    isRedisInstalled() ? startTestRedis({ pidFile: redisPidFile }) : undefined,
  ]);
  const superuserUrl = asSuperuser(postgres.ownerUrl);
  await makeTemplate(superuserUrl, postgres);
  const bySocket = (url: string): string => `${url}?host=${encodeURIComponent(socketDirectory)}`;
  const stop = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis?.stop()]);
    await rm(folder, { recursive: true, force: true });
    dismissReaper();
  };
  return { superuserUrl: bySocket(superuserUrl), applicationUrl: bySocket(postgres.url), redisUrl: redis?.url, stop };
}

/** The embedded cluster has one password. */
function asSuperuser(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = 'postgres';
  return url.href;
}

async function makeTemplate(superuserUrl: string, { ownerUrl, url }: { ownerUrl: string; url: string }): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE} owner ${new URL(ownerUrl).username}`);
    await migrateDatabase(databaseUrl(ownerUrl, TEMPLATE_DATABASE), databaseUrl(url, TEMPLATE_DATABASE));
    // A template that somebody is connected to cannot be cloned.
    await client.query(`alter database ${TEMPLATE_DATABASE} allow_connections false`);
  } finally {
    await client.end();
  }
}

/** Its input is a pipe from us: the system closes it however we end. */
function startReaper(folder: string, pidFiles: string[]): () => void {
  const reaper = spawn(process.execPath, [join(__dirname, 'reap-servers.mjs'), folder, ...pidFiles], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  reaper.unref();
  return () => reaper.stdin.end();
}
