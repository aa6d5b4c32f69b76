import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../src/embedded/free-port';

export interface TestRedis {
  url: string;
  port: number;
  /** Ends it like a crash: nothing is saved, connections are cut. */
  stop(): Promise<void>;
}

export function isRedisInstalled(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));
}

/**
 * Starts the machine's `redis-server` on loopback, without persistence, and waits until it answers.
 * Give `port` to bring one back where it was; a test that flushes or restarts Redis starts its own.
 */
export async function startTestRedis(options: { port?: number; pidFile?: string } = {}): Promise<TestRedis> {
  const port = options.port ?? (await findFreePort());
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/'];
  const child = spawn('redis-server', options.pidFile ? [...settings, '--pidfile', options.pidFile] : settings, {
    stdio: 'ignore',
    detached: true,
  });
  await untilAnswering(child, port);
  const stop = async (): Promise<void> => {
    if (hasEnded(child)) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url: `redis://127.0.0.1:${port}`, port, stop };
}

async function untilAnswering(child: ChildProcess, port: number): Promise<void> {
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  while (!(await answersPing(port))) {
    if (failure !== undefined || hasEnded(child)) throw new Error('redis-server did not start', { cause: failure });
    await delay(10);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
