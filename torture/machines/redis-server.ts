import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reaper } from './reaper';
import { findFreePort } from '../../src/embedded/free-port';

export function isRedisInstalled(path: string): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));
}

/** The machine's redis-server without persistence: whatever ends it also empties it. */
export class RedisServer {
  private constructor(
    private child: ChildProcess,
    readonly port: number,
    private readonly reaper: Reaper,
  ) {}

  static async start(reaper: Reaper): Promise<RedisServer> {
    const port = await findFreePort();
    return new RedisServer(await run(port, reaper), port, reaper);
  }

  async flush(): Promise<void> {
    await ask(this.port, 'FLUSHALL');
  }

  async crash(awayMs: number): Promise<void> {
    await this.stop();
    await delay(awayMs);
    this.child = await run(this.port, this.reaper);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    if (child.pid !== undefined) this.reaper.ended(child.pid);
  }
}

async function run(port: number, reaper: Reaper): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/'];
  const child = spawn('redis-server', settings, { stdio: 'ignore', detached: true });
  if (child.pid !== undefined) reaper.started(child.pid);
  while ((await ask(port, 'PING')) !== '+PONG') {
    if (child.exitCode !== null) throw new Error('redis-server did not start');
    await delay(10);
  }
  return child;
}

/** The first line of the answer; empty when nobody answers. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${command}\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().trim();
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
}
