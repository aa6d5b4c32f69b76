import { setImmediate as turn } from 'node:timers/promises';

/** From 0 to 1, the same for the same words: FNV-1a, stirred once more. */
export function chance(seed: number, ...words: readonly string[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const word of words) {
    for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0x3a, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * What is waited for comes one at a time, in an order that is drawn. Executors need different numbers of microtasks
 * for the same thing: with a turn of the event loop for each, what they do is comparable all the same.
 */
export class Turns {
  private readonly waiting: { readonly order: number; readonly name: string; readonly come: () => void }[] = [];

  constructor(private readonly seed: number) {}

  next(name: string): Promise<void> {
    return new Promise((come) => this.waiting.push({ order: chance(this.seed, 'order', name), name, come }));
  }

  /** Until `work` is done. */
  async until<Result>(work: Result | Promise<Result>): Promise<Result> {
    const state = { isDone: false };
    const done = Promise.resolve(work).finally(() => (state.isDone = true));
    for (;;) {
      await turn();
      if (state.isDone) break;
      this.waiting.sort((one, other) => one.order - other.order || one.name.localeCompare(other.name));
      this.waiting.shift()?.come();
    }
    return done;
  }
}
