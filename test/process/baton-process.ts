import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { postmasterPid, untilGone } from '../embedded/launched-server';
import { folderForServers } from '../support/folder-for-servers';

const root = join(__dirname, '..', '..');

export type Entry = 'start' | 'api' | 'worker' | 'migrate' | 'admin';

/** What a person types: after the command, and then into it. */
export interface Typed {
  readonly args?: readonly string[];
  readonly input?: string;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Trimmed. */
  readonly stderr: string;
}

/** One real process of Baton, as npm's scripts run it. */
export interface BatonProcess {
  readonly pid: number;
  readonly stdout: string;
  /** Resolves with what the pattern found in the output, printed already or still to come. Rejects when the process ends. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** The processes and folders of one test file. `clear` ends and deletes them all, whatever the tests did. */
export class ProcessGarden {
  private readonly running = new Set<BatonProcess>();
  private readonly dataDirectories: string[] = [];
  private readonly reaper: ChildProcess;
  /** With a space and a quote, and open to the account that PostgreSQL runs as when we are root. */
  readonly folder = mkdtempSync(join(folderForServers(), "baton's processes "));

  constructor() {
    chmodSync(this.folder, 0o755);
    this.reaper = spawn(process.execPath, [join(__dirname, 'reap-processes.mjs')], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    });
    this.reaper.unref();
    this.tell(`folder ${this.folder}`);
    // Once, so that processes that start together do not all compile.
    execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  }

  /** A new place for BATON_DATA_DIR; the folder itself is Baton's to make. */
  dataDirectory(name: string): string {
    const path = join(this.folder, name);
    this.dataDirectories.push(path);
    return path;
  }

  /** Runs an entry with these variables and no other that could mean anything to Baton. */
  run(entry: Entry, env: Readonly<Record<string, string>>, { args = [], input = '' }: Typed = {}): BatonProcess {
    const script = entry === 'start' ? ['scripts/start.mjs'] : ['scripts/run.mjs', entry];
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [...script, ...args], {
      cwd: root,
      env: { PATH, HOME, HOST: '127.0.0.1', PORT: '0', BATON_DATA_DIR: join(this.folder, 'nothing'), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input);
    const started = follow(child);
    this.running.add(started);
    this.tell(`pid ${started.pid}`);
    void started.ended.then(() => {
      this.running.delete(started);
      this.tell(`gone ${started.pid}`);
    });
    return started;
  }

  async clear(): Promise<void> {
    await Promise.all([...this.running].map((started) => started.end('SIGKILL')));
    await Promise.all(this.dataDirectories.map((directory) => killPostgres(directory)));
    rmSync(this.folder, { recursive: true, force: true });
    this.reaper.stdin?.end();
  }

  private tell(line: string): void {
    this.reaper.stdin?.write(`${line}\n`);
  }
}

/** kill -9, and waits until it is gone; nothing when none is there. */
export async function killPostgres(dataDirectory: string): Promise<void> {
  const cluster = join(dataDirectory, 'postgres');
  if (!existsSync(join(cluster, 'postmaster.pid'))) return;
  const pid = postmasterPid(cluster);
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await untilGone(pid);
}

function follow(child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }): BatonProcess {
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr: stderr.trim() }));
  });
  const printed = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = pattern.exec(stdout);
        if (found === null) return;
        watchers.delete(watch);
        resolve(found);
      };
      watchers.add(watch);
      watch();
      void ended.then(({ code }) =>
        reject(new Error(`It ended with ${code} before ${pattern}:\n${stdout}\n${stderr}`)),
      );
    });
  const end = (signal: NodeJS.Signals): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return stdout;
    },
    printed,
    ended,
    end,
  };
}

/** The address of a process that says where it is ready, without a path. */
export async function addressOf(started: BatonProcess): Promise<string> {
  const [, url = ''] = await started.printed(/(http:\/\/[\w.:]+)\/graphql/);
  return url;
}

/** What /readyz says: false too when nobody answers any more. */
export async function isReady(url: string): Promise<boolean> {
  return fetch(new URL('/readyz', url)).then(
    ({ status }) => status === 200,
    () => false,
  );
}
