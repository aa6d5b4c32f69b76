import type { Pace } from '../load/pace';
import type { WriterSettings, WriteRequest } from '../load/writer';
import { BenchProcess } from './bench-process';
import type { Machine } from './machine';

/** As many visitors as there are senders elsewhere. */
const AMONG = 64;

/** Messages from a process beside the one that is measured, as another API process writes them: see bench/load/writer. */
export class Writer {
  private constructor(private readonly process: BenchProcess) {}

  static async start(machine: Machine, settings: WriterSettings): Promise<Writer> {
    const process = BenchProcess.start(machine, { entry: 'bench/load/writer', core: 'LOAD' });
    await process.ask('startWriter', settings);
    return new Writer(process);
  }

  /** Resolves when the last one is committed, not when it has arrived anywhere. */
  async publish(pace: Pace): Promise<void> {
    const request: WriteRequest = { pace, among: AMONG };
    await this.process.ask('write', request);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
