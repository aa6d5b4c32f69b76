import type { Client } from 'graphql-ws';
import { TourError } from './tour-error';

/** Far above what anything in the tour takes, below what a person would wait. */
const PATIENCE_MS = 8000;

/** Items of one subscription, taken in the order in which they came. */
export class Feed<Item> {
  private readonly waiting: Item[] = [];
  private failure: string | null = null;
  private wake: () => void = () => undefined;
  private listener: (item: Item) => void = () => undefined;

  constructor(client: Client, document: string, variables: Record<string, unknown>) {
    client.subscribe<Record<string, Item>>(
      { query: document, variables },
      {
        next: ({ data, errors }) => {
          if (errors !== undefined) this.fail(errors.map((error) => error.message).join('; '));
          for (const item of Object.values(data ?? {})) this.add(item);
        },
        error: (reason) => this.fail(wordsOf(reason)),
        complete: () => this.fail('the server ended it'),
      },
    );
  }

  /** The next item that fits; what came before it is dropped. `promise` says what is missing if none comes in time. */
  async next<Found extends Item>(promise: string, fits: (item: Item) => item is Found): Promise<Found>;
  async next(promise: string, fits?: (item: Item) => boolean): Promise<Item>;
  async next(promise: string, fits: (item: Item) => boolean = () => true): Promise<Item> {
    const deadline = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE_MS).unref());
    for (;;) {
      const at = this.waiting.findIndex(fits);
      const found = this.waiting[at];
      if (found !== undefined) {
        this.waiting.splice(0, at + 1);
        return found;
      }
      if (this.failure !== null) throw new TourError(`${promise}, but a subscription failed: ${this.failure}`);
      const woken = new Promise<'woken'>((resolve) => (this.wake = () => resolve('woken')));
      if ((await Promise.race([woken, deadline])) === 'late') {
        throw new TourError(`${promise}, but nothing came within ${PATIENCE_MS / 1000} s`);
      }
    }
  }

  /** Calls `listener` for each item at the moment at which it comes, until told another. */
  listen(listener: (item: Item) => void): void {
    this.listener = listener;
  }

  private add(item: Item): void {
    this.waiting.push(item);
    this.listener(item);
    this.wake();
  }

  private fail(reason: string): void {
    this.failure ??= reason;
    this.wake();
  }
}

function wordsOf(reason: unknown): string {
  if (reason instanceof Error) return reason.message;
  if (Array.isArray(reason)) return reason.map(wordsOf).join('; ');
  if (typeof reason !== 'object' || reason === null) return String(reason);
  const { message, reason: closeReason, code } = reason as { message?: unknown; reason?: unknown; code?: unknown };
  return [message, code, closeReason].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}
