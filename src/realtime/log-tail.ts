import type { DataSource } from 'typeorm';
import { withinPrepared } from '../database/prepared';
import { SERVER, within } from '../database/scope';
import type { LoggedEvent } from '../domain/events';
import { askEventsAfter, type LogPage, renameLog } from '../queries/read-events';
import type { HintBus } from './hints';
import { Listeners } from './listeners';
import type { Log } from './log';

const BATCH = 500;

/** The one reader of the log in a process: every event once, in order, without a hole. */
export interface LogTail {
  /** The newest event that listeners were given. */
  readonly position: number;
  readonly logId: string;
  /** Events that no hint has told of within the interval in which the tail looks by itself. */
  readonly repaired: number;
  /** Begins at the current top. Throws when the database cannot be read. */
  start(): Promise<void>;
  subscribe(listener: (events: readonly LoggedEvent[]) => void): () => void;
  /** The database was put back to an earlier state, or changed for another: what was told may not be so any more. */
  onReset(listener: () => void): () => void;
  /** Resolves once everything that is in the log at this moment has been given to listeners. Throws what the database throws. */
  catchUp(): Promise<void>;
  /** A hint, which may be forged: it makes the tail look, nothing else. */
  advance(position: number): void;
  stop(): Promise<void>;
}

export interface LogTailOptions {
  readonly source: DataSource;
  readonly hints: Pick<HintBus, 'onLog' | 'onReconnect'>;
  readonly log: Log;
  /** How often it looks without being told; bounds how late an event can be. */
  readonly reconcileMs?: number;
}

export function createLogTail(options: LogTailOptions): LogTail {
  return new DatabaseLogTail(options);
}

class DatabaseLogTail implements LogTail {
  position = 0;
  logId = '';
  repaired = 0;
  /** The newest position that a hint, or this process's own dispatcher, has told of. */
  private announced = 0;
  /** The newest position that was told of while a pass was running, which may have begun too early to see it. */
  private hinted = 0;
  private positionAtLastLook = 0;
  private readonly listeners = new Listeners<readonly LoggedEvent[]>('events', this.options.log);
  private readonly resets = new Listeners<undefined>('log reset', this.options.log);
  private readonly cleanups: (() => void)[] = [];
  private readonly waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  private running: Promise<void> | null = null;
  private failing = false;
  private stopped = false;

  constructor(private readonly options: LogTailOptions) {}

  async start(): Promise<void> {
    const { hints, reconcileMs = 2000 } = this.options;
    const page = await this.read(Number.MAX_SAFE_INTEGER, 1);
    this.logId = page.logId;
    this.beginAt(page.top);
    const timer = setInterval(() => this.lookUnasked(), reconcileMs);
    this.cleanups.push(
      () => clearInterval(timer),
      hints.onLog((position) => this.advance(position)),
      hints.onReconnect(() => this.look()),
    );
  }

  subscribe(listener: (events: readonly LoggedEvent[]) => void): () => void {
    return this.listeners.add(listener);
  }

  onReset(listener: () => void): () => void {
    return this.resets.add(listener);
  }

  catchUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.running ??= this.run();
    });
  }

  advance(position: number): void {
    this.announced = Math.max(this.announced, position);
    if (position <= this.position) return;
    // Most are told twice, by the dispatcher of this process and by its hint, and are being read already.
    if (this.running === null) this.look();
    else this.hinted = Math.max(this.hinted, position);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    await this.running;
  }

  /** One pass at a time. A pass serves those who asked before it began: one that is going may have read too early. */
  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const served = this.waiting.splice(0);
      try {
        await this.pass();
        for (const waiter of served) waiter.resolve();
      } catch (error) {
        for (const waiter of served) waiter.reject(error);
      }
    }
    this.running = null;
    const isMissing = this.hinted > this.position;
    this.hinted = 0;
    // Once: a forged hint is ahead of whatever is there.
    if (isMissing) this.look();
  }

  private beginAt(top: number): void {
    this.position = top;
    this.announced = top;
    this.positionAtLastLook = top;
  }

  /**
   * What was read a whole interval ago, and no hint has told of since, was found without one. Not sooner: a look often
   * comes between a commit and its hint. A forged hint far ahead can hide losses from this count, and from nothing else.
   */
  private lookUnasked(): void {
    this.repaired += Math.max(0, this.positionAtLastLook - this.announced);
    this.announced = Math.max(this.announced, this.positionAtLastLook);
    this.positionAtLastLook = this.position;
    this.look();
  }

  private look(): void {
    if (this.stopped) return;
    this.catchUp().then(
      () => {
        this.failing = false;
      },
      (error: unknown) => {
        if (!this.failing) this.options.log.error({ err: error }, 'the event log could not be read; trying again');
        this.failing = true;
      },
    );
  }

  private read(after: number, limit: number): Promise<LogPage> {
    return withinPrepared(this.options.source, SERVER, (ask) => askEventsAfter(ask, after, limit));
  }

  private async pass(): Promise<void> {
    while (!this.stopped) {
      const page = await this.read(this.position, BATCH);
      if (this.isPutBack(page)) {
        await within(this.options.source, SERVER, (manager) => renameLog(manager, this.logId));
        continue;
      }
      if (this.isOther(page)) {
        this.reset(page);
        return;
      }
      this.deliver(page);
      if (page.events.length < BATCH) return;
    }
  }

  /**
   * It will give positions again that it has given before, to other events: under its old name, a cursor of what was
   * lost would be taken for a good one as soon as it has grown so far.
   */
  private isPutBack(page: LogPage): boolean {
    return page.logId === this.logId && page.top < this.position;
  }

  /** Pruned further than we have read counts too: going on would be a silent gap in every open stream. */
  private isOther(page: LogPage): boolean {
    return page.logId !== this.logId || page.prunedPosition > this.position;
  }

  private reset(page: LogPage): void {
    this.options.log.warn(
      { from: { logId: this.logId, position: this.position }, to: { logId: page.logId, position: page.top } },
      'the event log is not the one that was read before; open streams end and resume',
    );
    this.logId = page.logId;
    this.beginAt(page.top);
    this.resets.emit(undefined);
  }

  /** Gives out what follows without a hole. A hole is an error that is read again, never skipped: see `Dispatcher`. */
  private deliver(page: LogPage): void {
    const dense = page.events.filter((event, index) => event.position === this.position + 1 + index);
    const last = dense.at(-1);
    const expected = page.events.length < BATCH ? page.top : this.position + BATCH;
    if (last !== undefined) {
      this.position = last.position;
      this.listeners.emit(dense);
    }
    if (this.position !== expected) throw new Error(`The event log has a hole after position ${this.position}.`);
  }
}
