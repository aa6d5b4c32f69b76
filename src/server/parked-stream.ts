/**
 * What graphql-ws iterates while a feed is written past it: it never yields, and ends when the feed ends or the client
 * completes. graphql-ws goes on running the protocol.
 */
export class ParkedStream implements AsyncGenerator<never, undefined> {
  private readonly ended: Promise<IteratorResult<never, undefined>>;
  private resolve: () => void = () => undefined;
  private hasEnded = false;

  /** @param onEnd called once, however it ends */
  constructor(private readonly onEnd: () => void) {
    this.ended = new Promise((resolve) => {
      this.resolve = () => resolve({ done: true, value: undefined });
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.resolve();
    this.onEnd();
  }

  next(): Promise<IteratorResult<never, undefined>> {
    return this.ended;
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.end();
    return this.ended;
  }

  throw(error: unknown): Promise<never> {
    this.end();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
