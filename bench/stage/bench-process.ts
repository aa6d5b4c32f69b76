import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Machine } from './machine';
import type { Answer } from './questions';

/** The compiled bench: dist/bench. */
const BENCH = join(__dirname, '..');
const COMPILED = join(BENCH, '..');

export interface ProcessOptions {
  /** Below dist/, without an ending: `bench/load/reader`, `src/api`. */
  readonly entry: string;
  /** Servers that are measured have a core of their own; what loads them, the other one. */
  readonly core: 'SERVER' | 'LOAD';
  readonly variables?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

const ANSWER_MS = 120_000;
const FAREWELL_MS = 3000;

const alive = new Set<BenchProcess>();

/** Ends every process of the benchmark. Whoever waits for one of them is told so. */
export async function stopProcesses(): Promise<void> {
  await Promise.all([...alive].map((process) => process.stop()));
}

/** A child process that answers questions. What it prints goes to our standard error, and is kept for error messages. */
export class BenchProcess {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;
  private isGone = false;
  private printed = '';
  private readonly listeners = new Set<() => void>();

  private constructor(
    readonly entry: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (answer: Answer) => {
      this.waiting.get(answer.question)?.(answer);
      this.waiting.delete(answer.question);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    }
    alive.add(this);
    // Its last words come after its exit.
    child.once('close', (code, signal) => {
      alive.delete(this);
      this.isGone = true;
      const error = `${entry} has ended (${signal ?? code}): ${this.printed.slice(-800)}`;
      for (const [question, resolve] of this.waiting) resolve({ question, error });
      this.waiting.clear();
      this.keep('');
    });
  }

  /** Does not wait for anything that the process prepares: ask it. */
  static start(machine: Machine, options: ProcessOptions): BenchProcess {
    const { entry, core, variables = {}, nodeOptions = [] } = options;
    const node = ['--require', join(BENCH, 'load', 'probe.js'), ...nodeOptions];
    const cpu = machine.pinning?.[core];
    const child = fork(join(COMPILED, `${entry}.js`), {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...machine.environment, NODE_ENV: 'production', ...variables },
      // taskset turns into node, so that the child and its channel are node's.
      ...(cpu === undefined
        ? { execArgv: node }
        : { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath, ...node] }),
    });
    return new BenchProcess(entry, child);
  }

  get hasEnded(): boolean {
    return this.isGone;
  }

  /** Throws what the other side threw, when it has ended, and when it says nothing for two minutes. */
  async ask<Result>(name: string, input: object = {}): Promise<Result> {
    if (this.hasEnded) throw new Error(`${this.entry} has ended: ${this.printed.slice(-800)}`);
    this.asked += 1;
    const question = this.asked;
    const answer = await new Promise<Answer>((resolve) => {
      const late = setTimeout(() => resolve({ question, error: 'no answer in two minutes' }), ANSWER_MS);
      this.waiting.set(question, (reply) => {
        clearTimeout(late);
        resolve(reply);
      });
      // An error means that it is gone, which `close` tells.
      this.child.send({ question, name, input }, () => undefined);
    });
    if (answer.error !== undefined) throw new Error(`${this.entry} ${name}: ${answer.error}`);
    return answer.value as Result;
  }

  /** Resolves with what the pattern finds in what the process prints. Throws when it has not within 60 s. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(late);
        this.listeners.delete(look);
        act();
      };
      const look = (): void => {
        const found = pattern.exec(this.printed);
        if (found !== null) settle(() => resolve(found));
        else if (this.hasEnded) settle(() => reject(new Error(`${this.entry} has ended: ${this.printed.slice(-800)}`)));
      };
      const late = setTimeout(
        () =>
          settle(() => reject(new Error(`${this.entry} did not say ${String(pattern)}: ${this.printed.slice(-800)}`))),
        60_000,
      );
      this.listeners.add(look);
      look();
    });
  }

  /** Ends it: with SIGTERM, and after 3 s with SIGKILL. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const gone = once(this.child, 'close');
    this.child.kill('SIGTERM');
    const hurry = setTimeout(() => this.child.kill('SIGKILL'), FAREWELL_MS);
    await gone;
    clearTimeout(hurry);
  }

  private keep(text: string): void {
    // The start is kept: that is where a server says its port.
    this.printed = this.printed.length > 20_000 ? this.printed.slice(0, 10_000) + text : this.printed + text;
    for (const listener of [...this.listeners]) listener();
  }
}
