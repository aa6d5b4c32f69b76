/** Keys that were noted a moment ago: all of the last `ms` milliseconds, and none from before twice that. */
export class Lately {
  private recent = new Set<string>();
  private before = new Set<string>();
  private turnedAt = 0;

  constructor(private readonly ms: number) {}

  note(key: string): void {
    this.turn();
    this.recent.add(key);
  }

  has(key: string): boolean {
    this.turn();
    return this.recent.has(key) || this.before.has(key);
  }

  /** Two sets that take turns forget together: no clock for each key, and no more keys than two spans had. */
  private turn(): void {
    const now = performance.now();
    const spans = Math.floor((now - this.turnedAt) / this.ms);
    if (spans === 0) return;
    this.before = spans === 1 ? this.recent : new Set();
    this.recent = new Set();
    this.turnedAt += spans * this.ms;
  }
}
