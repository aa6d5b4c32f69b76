import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';

/**
 * Executes the operation for each item of a stream that one subscriber has for itself. Unlike an async generator it ends
 * at once when it is told to, also while an item is waited for.
 */
export class ExecutedStream implements AsyncGenerator<ExecutionResult, undefined> {
  private readonly items: AsyncIterator<unknown>;

  constructor(
    items: AsyncIterable<unknown>,
    private readonly args: ExecutionArgs,
  ) {
    this.items = items[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const item = await this.items.next();
    if (item.done === true) return { done: true, value: undefined };
    return { done: false, value: await execute({ ...this.args, rootValue: item.value }) };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    await this.items.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
