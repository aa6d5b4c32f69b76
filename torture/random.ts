/** Chance that can be repeated: the same seed and name give the same choices. */
export class Chance {
  private state: number;

  /** `name` gives each actor a stream of its own: what one of them chooses does not depend on when the others choose. */
  constructor(seed: number, name: string) {
    let hash = seed >>> 0;
    for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    this.state = hash;
  }

  /** From 0 to below 1. Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often: 0 never, 1 always. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }

  /** Null: there is nothing to choose from. */
  pickAny<Item>(items: Iterable<Item>): Item | null {
    const [first, ...others] = items;
    return first === undefined ? null : this.pick([first, ...others]);
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(weights) as [Name, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let rest = this.next() * total;
    const found = entries.find(([, weight]) => (rest -= weight) < 0) ?? entries.at(-1);
    if (found === undefined) throw new Error('There is nothing to choose from.');
    return found[0];
  }
}
