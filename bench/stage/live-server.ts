import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from '../load/pace';
import type { OpenRequest, Received } from '../load/reader';
import { BenchProcess } from './bench-process';
import type { Machine } from './machine';

/** A server that dashboards can be open at, ours or a rival's. */
export interface LiveServer {
  readonly name: string;
  readonly process: BenchProcess;
  readonly target: OpenRequest['target'];
  readonly tokens: OpenRequest['tokens'];
  /** As many different ones as asked for; a server without subscriptions has none. */
  subscriptions(groups: number): OpenRequest['subscriptions'];
  /** Events for all dashboards. Resolves when the last one has been handed over, not when it has arrived. */
  publish(pace: Pace): Promise<void>;
}

/** Below the 100 sockets that may wait for their acknowledgement from one address. */
const AT_ONCE = 48;
/** Servers that confirm nothing get so long to finish what a subscription needs. */
const SETTLE_MS = 400;

/** A process full of open dashboards. */
export class Dashboards {
  private constructor(
    private readonly reader: BenchProcess,
    private readonly server: LiveServer,
    readonly count: number,
  ) {}

  /** Throws when one of them cannot be opened. */
  static async open(machine: Machine, server: LiveServer, count: number, groups = 1): Promise<Dashboards> {
    const reader = BenchProcess.start(machine, { entry: 'bench/load/reader', core: 'LOAD' });
    const dashboards = new Dashboards(reader, server, 0);
    try {
      return await dashboards.openMore(count, groups);
    } catch (error) {
      await reader.stop();
      throw new Error(`${server.name}: ${String(count)} dashboards could not be opened`, { cause: error });
    }
  }

  async openMore(more: number, groups = 1): Promise<Dashboards> {
    const { target, tokens } = this.server;
    const request: OpenRequest = {
      target,
      count: more,
      tokens,
      subscriptions: this.server.subscriptions(groups),
      atOnce: AT_ONCE,
    };
    await this.reader.ask('open', request);
    await delay(SETTLE_MS);
    return new Dashboards(this.reader, this.server, this.count + more);
  }

  async reset(): Promise<void> {
    await this.reader.ask('reset');
  }

  /** What has arrived since the last reset, at the latest after `withinMs`. */
  received(deliveries: number, withinMs: number): Promise<Received> {
    return this.reader.ask<Received>('received', { deliveries, withinMs });
  }

  async close(): Promise<void> {
    await this.reader.stop();
  }
}
