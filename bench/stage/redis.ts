import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort } from '../../src/embedded/free-port';

export interface BenchRedis {
  readonly url: string;
  stop(): Promise<void>;
}

const ATTEMPTS = 100;

/** The machine's own `redis-server` on a free port of loopback, without persistence. */
export async function startRedis(program: string): Promise<BenchRedis> {
  const port = await findFreePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(program, settings, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  for (let attempt = 1; ; attempt += 1) {
    if (await answers(url)) return { url, stop };
    if (attempt < ATTEMPTS) await delay(50);
    else {
      await stop();
      throw new Error('redis-server does not answer.');
    }
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  // What it says as an event it says again by refusing the ping.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
