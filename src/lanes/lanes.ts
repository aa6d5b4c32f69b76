import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Patience } from './patience';

/** A batch is done for many: with OpenTelemetry's context manager it would be a part of the first one's trace. */
const OUTSIDE = new AsyncResource('Lanes');

/** So many turns of the event loop without anybody new, and those who were answered together have asked again. */
const STILL_TURNS = 3;
/** Longer, the first of them would wait for people who have nothing to ask. */
const MAX_COMPANY_MS = 5;

/** Too much is waiting already: nothing was done, and the same call may come again in a moment. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  /** When it is worth coming again, in milliseconds. */
  readonly retryAfterMs = 1000;

  constructor() {
    super('The server is busy. Nothing was done; try again in a second.');
  }
}

/** One that waits, and how it gets its answer. Whatever comes after the first answer counts for nothing. */
export interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneBounds {
  /** Most items of one batch. */
  readonly batch: number;
  /** Most lanes that run at the same time. */
  readonly running: number;
  /** Most items that wait, in all lanes together and in one of them. Beyond, `add` is refused. */
  readonly waiting: number;
  readonly waitingInLane: number;
}

/** What waits in a lane, in the order of arrival, and when the first of it has waited long enough for company. */
interface Queue<Item, Result> {
  readonly items: Waiting<Item, Result>[];
  goesAt: number;
  timer: NodeJS.Timeout | null;
}

/**
 * Work that is done together as soon as it would have to wait anyway. Nothing runs in the lane: an item goes at once, by
 * itself, so that nobody waits for company. Something runs: what comes meanwhile is the next batch, in the order of
 * arrival. One batch a lane at a time; lanes take turns, a batch each.
 *
 * With patience a batch waits a little for company where so many ask that it comes. A lane that waits for company runs
 * nothing: the others go on.
 *
 * After a batch of several the next one waits for a few turns of the event loop while more keep coming: whoever was just
 * answered and asks again goes along. Otherwise the first of 64 would go alone, and 63 wait for it, over and over.
 *
 * An item is always in a batch that begins after it was added: whatever `run` reads is at least as new as the question.
 */
export class Lanes<Item, Result> {
  /** Lanes in which something waits, in the order of their turns. */
  private readonly queues = new Map<string, Queue<Item, Result>>();
  private readonly running = new Set<string>();
  private waiting = 0;
  /** The last batch was of several. */
  private isCrowded = false;
  private whenIdle: (() => void)[] = [];

  /**
   * @param run answers each of the batch, or gives it to somebody who does; what it throws is the answer to those that
   *   have none
   * @param patience null: nobody is kept waiting for company
   */
  constructor(
    private readonly run: (batch: readonly Waiting<Item, Result>[], lane: string) => Promise<void>,
    private readonly bounds: LaneBounds,
    private readonly patience: Patience<Item> | null = null,
  ) {}

  /** @throws BusyError, as a rejection */
  add(lane: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(lane) ?? { items: [], goesAt: Infinity, timer: null };
      if (this.waiting >= this.bounds.waiting || queue.items.length >= this.bounds.waitingInLane) {
        reject(new BusyError());
        return;
      }
      const { patience } = this;
      const waitMs = patience?.waitOf(lane, item) ?? 0;
      const answer = (result: Result): void => {
        patience?.noteAnswered(item);
        resolve(result);
      };
      queue.items.push({ item, resolve: answer, reject });
      queue.goesAt = Math.min(queue.goesAt, waitMs === 0 ? 0 : performance.now() + waitMs);
      this.queues.set(lane, queue);
      this.waiting += 1;
      this.start();
    });
  }

  get isIdle(): boolean {
    return this.running.size === 0 && this.queues.size === 0;
  }

  /** Resolves once nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  private start(): void {
    for (const [lane, queue] of this.queues) {
      if (this.running.size >= this.bounds.running) return;
      if (this.running.has(lane) || this.isWaitingForCompany(queue)) continue;
      this.running.add(lane);
      void OUTSIDE.runInAsyncScope(() => this.serve(lane));
    }
  }

  private isWaitingForCompany(queue: Queue<Item, Result>): boolean {
    if (queue.goesAt === 0 || queue.items.length >= this.bounds.batch) return false;
    const restMs = queue.goesAt - performance.now();
    if (restMs <= 0) return false;
    queue.timer ??= setTimeout(() => {
      queue.timer = null;
      this.start();
    }, restMs);
    return true;
  }

  private async serve(lane: string): Promise<void> {
    if (this.isCrowded) await this.company(lane);
    const batch = this.take(lane);
    this.isCrowded = batch.length > 1;
    try {
      await this.run(batch, lane);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    // Who was just answered, and asks again at once, goes along.
    await nextTurn();
    this.running.delete(lane);
    this.start();
    if (this.isIdle) for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  private take(lane: string): Waiting<Item, Result>[] {
    const queue = this.queues.get(lane);
    if (queue === undefined) return [];
    // Taken out and put in again: behind all others that wait.
    this.queues.delete(lane);
    if (queue.timer !== null) clearTimeout(queue.timer);
    queue.timer = null;
    const batch = queue.items.splice(0, this.bounds.batch);
    if (queue.items.length > 0) this.queues.set(lane, queue);
    this.waiting -= batch.length;
    return batch;
  }

  private async company(lane: string): Promise<void> {
    const end = performance.now() + MAX_COMPANY_MS;
    let seen = 0;
    for (let still = 0; still < STILL_TURNS && seen < this.bounds.batch && performance.now() < end;) {
      const length = this.queues.get(lane)?.items.length ?? 0;
      still = length === seen ? still + 1 : 0;
      seen = length;
      await nextTurn();
    }
  }
}
