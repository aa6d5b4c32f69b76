import type { DataSource } from 'typeorm';
import { dispatchOutbox } from '../database/outbox';
import type { HintBus } from './hints';
import type { Log } from './log';
import { backoff } from './retry';

/**
 * What is committed so soon after a run goes along in the next one: run, hint, the readers' look and what it makes them
 * read cost as much for one event as for twenty. Measured with 64 senders: a message is 17 % cheaper.
 */
const REST_MS = 10;

export interface Dispatcher {
  /** Something that was committed is being moved, or is about to be. */
  readonly isBusy: boolean;
  /** Begins to look by itself every 2 s: a process may have died between its commit and its dispatch. */
  start(): void;
  /** Something was committed. Never throws, never waits; many kicks become one run. */
  kick(): void;
  /** Waits for the run that is going, and moves what it was kicked for before. */
  stop(): Promise<void>;
}

export interface DispatcherOptions {
  readonly source: DataSource;
  readonly hints: Pick<HintBus, 'publishLog'>;
  /** The tail of this process; null where it has none. */
  readonly tail: { advance(position: number): void } | null;
  readonly log: Log;
  readonly intervalMs?: number;
  readonly restMs?: number;
}

/** Moves committed outbox rows into the log, then tells the tail of this process directly and the others by a hint. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new OutboxDispatcher(options, options.intervalMs ?? 2000, options.restMs ?? REST_MS);
}

class OutboxDispatcher implements Dispatcher {
  private timer: NodeJS.Timeout | null = null;
  private retry: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isMoving = false;
  private endRest: () => void = () => undefined;
  private wanted = false;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly options: DispatcherOptions,
    private readonly intervalMs: number,
    private readonly restMs: number,
  ) {}

  get isBusy(): boolean {
    return this.isMoving || this.wanted;
  }

  start(): void {
    this.timer ??= setInterval(() => this.kick(), this.intervalMs);
    this.kick();
  }

  kick(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    if (this.retry !== null) clearTimeout(this.retry);
    this.endRest();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      this.isMoving = true;
      await this.dispatch();
      this.isMoving = false;
      await this.rest();
    }
    this.running = null;
  }

  private async rest(): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.restMs);
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async dispatch(): Promise<void> {
    const { source, hints, tail, log } = this.options;
    try {
      const { position, moved } = await dispatchOutbox(source);
      this.failures = 0;
      if (moved === 0) return;
      tail?.advance(position);
      hints.publishLog(position);
    } catch (error) {
      this.failures += 1;
      log.error({ err: error, failures: this.failures }, 'events could not be moved from the outbox into the log');
      this.kickLater();
    }
  }

  /** Sooner than the interval, which would leave a passing fault visible for 2 s. */
  private kickLater(): void {
    if (this.stopped) return;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = setTimeout(() => this.kick(), backoff(this.failures, 50, 5000));
  }
}
