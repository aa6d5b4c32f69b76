import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Ends what we started and deletes our folders when this process is gone without having done it, kill -9 included: its input
 * is a pipe from us, which the system closes however we end.
 */
export class Reaper {
  // dist/torture/machines/ is where this file runs.
  private readonly child = spawn(
    process.execPath,
    [join(__dirname, '..', '..', '..', 'test', 'process', 'reap-processes.mjs')],
    { stdio: ['pipe', 'ignore', 'inherit'], detached: true },
  );

  constructor(folder: string) {
    this.child.unref();
    this.tell(`folder ${folder}`);
  }

  started(pid: number): void {
    this.tell(`pid ${pid}`);
  }

  ended(pid: number): void {
    this.tell(`gone ${pid}`);
  }

  dismiss(): void {
    this.child.stdin.end();
  }

  private tell(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }
}
