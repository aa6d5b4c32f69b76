import { type ExecutionArgs, type ExecutionResult } from 'graphql';
import { executeOperation } from '../execution/execute-operation';
import { executeWaiting } from './execute-waiting';

/**
 * Executes the operation for each item of a stream that one subscriber has for itself. Unlike an async generator it ends
 * at once when it is told to, also while an item is waited for.
 *
 * @param onFailed called before it ends because the database stays away: close the socket, so that the client comes back
 */
export class ExecutedStream implements AsyncGenerator<ExecutionResult, undefined> {
  private readonly items: AsyncIterator<unknown>;

  constructor(
    items: AsyncIterable<unknown>,
    private readonly args: ExecutionArgs,
    private readonly onFailed: (error: unknown) => void,
  ) {
    this.items = items[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const item = await this.items.next();
    if (item.done === true) return { done: true, value: undefined };
    try {
      const run = async (): Promise<ExecutionResult[]> => [
        await executeOperation({ ...this.args, rootValue: item.value }),
      ];
      const [value] = await executeWaiting(run);
      return value === undefined ? { done: true, value } : { done: false, value };
    } catch (error) {
      this.onFailed(error);
      return this.return();
    }
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
