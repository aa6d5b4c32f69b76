import type { Membership } from '../realtime/stream-groups';

/**
 * What graphql-ws iterates while a feed is written past it: it never yields, and ends when the feed ends or the client
 * completes. graphql-ws goes on running the protocol.
 */
export class ParkedStream implements AsyncGenerator<never, undefined> {
  private readonly ended: Promise<IteratorResult<never, undefined>>;
  private resolve: (result: IteratorResult<never, undefined>) => void = () => undefined;
  private hasEnded = false;
  /** Of who is served past it, and leaves when it ends, however it ends. */
  membership: Membership | null = null;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.resolve({ done: true, value: undefined });
    this.membership?.leave();
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
