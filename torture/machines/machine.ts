import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reaper } from './reaper';

const projectRoot = join(__dirname, '..', '..', '..');

export interface MachineOptions {
  readonly name: string;
  readonly entry: 'api' | 'worker';
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly reaper: Reaper;
  /** Told the port of an API that is ready, and null when it is gone. */
  readonly onPort: (port: number | null) => void;
  /** A process that was ready has ended, and nobody wanted it to. */
  readonly onDeath: (how: string) => void;
}

const READY = /the (?:API|worker) is ready/;
const PORT = /:(\d+)\/graphql/;
/** What a supervisor waits before it starts something that has ended by itself. */
const RESTART_MS = 300;

/** One process of Baton, run as `npm run start:api` runs it, under a supervisor that brings it back whenever it ends. */
export class Machine {
  private child: ChildProcess | null = null;
  private isWanted = false;
  private isExpected = false;
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();
  private readonly log: WriteStream;
  private readonly readyWaiters: (() => void)[] = [];
  private isReadyNow = false;
  /** Held by the fault that is working on it: two of them on one process would hide each other. */
  isBusy = false;

  constructor(private readonly options: MachineOptions) {
    this.log = createWriteStream(options.logFile, { flags: 'a' });
  }

  get name(): string {
    return this.options.name;
  }

  start(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    this.running = this.supervise();
  }

  /** Whether the process has said that it is ready, or says so within that time. */
  async readyWithin(ms: number): Promise<boolean> {
    const late = new AbortController();
    const ready = this.isReadyNow
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          this.readyWaiters.push(resolve);
        });
    const timeout = delay(ms, false, { signal: late.signal }).catch(() => false);
    return Promise.race([ready.then(() => true), timeout]).finally(() => late.abort());
  }

  /** kill -9; it comes back after so long. */
  async kill(awayMs: number): Promise<void> {
    await this.end('SIGKILL', awayMs);
  }

  /** SIGTERM, wait for the end, start again: one step of a rolling deployment. */
  async roll(): Promise<void> {
    await this.end('SIGTERM', 0);
  }

  /** SIGSTOP: it is there, and does nothing. */
  pause(): void {
    this.signal('SIGSTOP');
    this.isStopped = true;
  }

  resume(): void {
    if (this.isStopped) this.signal('SIGCONT');
    this.isStopped = false;
  }

  /** For good, in good order, or with kill -9. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.isWanted = false;
    this.isExpected = true;
    this.resume();
    this.signal(signal);
    await this.running;
    this.log.end();
  }

  private async end(signal: NodeJS.Signals, awayMs: number): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.isExpected = true;
    const ended = once(child, 'exit');
    this.isWanted = false;
    this.signal(signal);
    await ended;
    await this.running;
    await delay(awayMs);
    this.start();
  }

  private signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  private async supervise(): Promise<void> {
    while (this.isWanted) {
      const { code, signal } = await this.runOnce();
      if (this.isReadyNow && !this.isExpected) this.options.onDeath(signal ?? `exit code ${code ?? '?'}`);
      this.isReadyNow = false;
      this.options.onPort(null);
      await delay(RESTART_MS);
    }
  }

  private async runOnce(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const { entry, env, reaper } = this.options;
    const child = spawn(process.execPath, ['scripts/run.mjs', entry], {
      cwd: projectRoot,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C in the terminal is for us, who still have to tell what was found.
      detached: true,
    });
    this.child = child;
    this.isExpected = false;
    this.isStopped = false;
    const { pid } = child;
    if (pid !== undefined) reaper.started(pid);
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.read(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void this.log.write(text));
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    this.child = null;
    if (pid !== undefined) reaper.ended(pid);
    this.log.write(`-- ended with ${signal ?? code ?? '?'}\n`);
    return { code, signal };
  }

  private read(text: string): void {
    this.log.write(text);
    if (this.isReadyNow || !READY.test(text)) return;
    this.isReadyNow = true;
    const [, port] = PORT.exec(text) ?? [];
    if (port !== undefined) this.options.onPort(Number(port));
    for (const tell of this.readyWaiters.splice(0)) tell();
  }
}
