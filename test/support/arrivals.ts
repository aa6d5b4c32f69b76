/** Things that come in from outside, in order, and a way to wait for one without sleeping. */
export class Arrivals<T> {
  readonly items: T[] = [];
  private readonly waiters = new Set<() => void>();

  add(item: T): void {
    this.items.push(item);
    for (const check of this.waiters) check();
  }

  /** The first item, past or coming, that fits. Rejects after `timeoutMs`, naming what was waited for. */
  waitFor(what: string, predicate: (item: T) => boolean, timeoutMs = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.items.find(predicate);
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiters.delete(check);
        reject(new Error(`No ${what} that fits within ${timeoutMs} ms; ${this.items.length} came.`));
      }, timeoutMs);
      this.waiters.add(check);
      check();
    });
  }
}
