interface Waiter<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

export interface StreamSource {
  /** Called at the first `next()`: a stream that is never read holds nothing. */
  start(): void;
  /** Called once, when the stream ends for whatever reason. Must take everything down that `start` put up. */
  stop(): void;
}

/**
 * A queue that is read as an async iterator. Unlike an async generator, `return()` ends it at once, also while a
 * `next()` is waiting; a generator would keep its subscription until the next event, which may never come.
 */
export class PushStream<Item extends object> implements AsyncIterableIterator<Item, undefined> {
  private readonly items: Item[] = [];
  private readonly waiters: Waiter<Item>[] = [];
  private source: StreamSource | null;
  private failure: { error: unknown } | null = null;
  private isStarted = false;

  constructor(makeSource: (stream: PushStream<Item>) => StreamSource) {
    this.source = makeSource(this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  hasEnded(): boolean {
    return this.source === null;
  }

  /** Items that nobody has read yet. */
  get size(): number {
    return this.items.length;
  }

  push(item: Item): void {
    if (this.hasEnded()) return;
    const waiter = this.waiters.shift();
    if (waiter === undefined) this.items.push(item);
    else waiter.resolve({ done: false, value: item });
  }

  dropOldest(): void {
    this.items.shift();
  }

  /** Drops what is queued and ends. */
  end(): void {
    if (this.source !== null) this.items.length = 0;
    this.finish();
  }

  /** Takes nothing more, and ends once what is queued has been read. */
  finish(): void {
    const { source } = this;
    if (source === null) return;
    this.source = null;
    for (const waiter of this.waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
    source.stop();
  }

  /** The reader gets the error once, then the end. */
  fail(error: unknown): void {
    if (this.hasEnded()) return;
    const waiter = this.waiters.shift();
    if (waiter === undefined) this.failure = { error };
    else waiter.reject(error);
    this.end();
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (!this.isStarted && this.source !== null) {
      this.isStarted = true;
      this.source.start();
    }
    const item = this.items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.failure !== null) return this.takeFailure(this.failure);
    if (this.hasEnded()) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.waiters.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  async throw(error: unknown): Promise<IteratorResult<Item, undefined>> {
    this.end();
    throw error;
  }

  private async takeFailure(failure: { error: unknown }): Promise<never> {
    this.failure = null;
    throw failure.error;
  }
}
