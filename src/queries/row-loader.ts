import DataLoader from 'dataloader';

type Batch<Key, Row> = (keys: readonly Key[]) => Promise<readonly Row[]>;

/**
 * A DataLoader that also tells at once, without a promise, what it has read already. A list reads ahead what its rows
 * lead to: fifty rows with four people each are then presented without two thousand promises.
 */
export class RowLoader<Key, Row, CacheKey = Key> {
  private readonly loader: DataLoader<Key, Row, CacheKey>;
  private readonly known = new Map<CacheKey, Row>();
  private readonly batch: Batch<Key, Row>;

  constructor(
    batch: Batch<Key, Row>,
    private readonly options: { readonly cache: boolean; readonly cacheKeyFn: (key: Key) => CacheKey },
  ) {
    this.batch = async (keys) => {
      const rows = await batch(keys);
      for (const [at, row] of rows.entries()) this.tell(keys[at] as Key, row);
      return rows;
    };
    this.loader = new DataLoader(this.batch, options);
  }

  load(key: Key): Promise<Row> {
    const row = this.known.get(this.options.cacheKeyFn(key));
    return row === undefined ? this.loader.load(key) : Promise.resolve(row);
  }

  /** At once where it is known, else when it is. Throws, or rejects, as `use` does. */
  with<Result>(key: Key, use: (row: Row) => Result | Promise<Result>): Result | Promise<Result> {
    const row = this.known.get(this.options.cacheKeyFn(key));
    return row === undefined ? this.loader.load(key).then(use) : use(row);
  }

  /** Whether it can be told at once. */
  has(key: Key): boolean {
    return this.known.has(this.options.cacheKeyFn(key));
  }

  /** What was read elsewhere. Nothing is kept where nothing may be. */
  tell(key: Key, row: Row): void {
    if (this.options.cache) this.known.set(this.options.cacheKeyFn(key), row);
  }

  /** Reads those that are not known in one batch, so that `with` needs no promise for any of them. */
  async readAhead(keys: readonly Key[]): Promise<void> {
    if (!this.options.cache) return;
    const { cacheKeyFn } = this.options;
    const missing = new Map(keys.map((key) => [cacheKeyFn(key), key]));
    for (const known of this.known.keys()) missing.delete(known);
    if (missing.size > 0) await this.batch([...missing.values()]);
  }
}

/** By an id, which is its own cache key. */
export function byOwnKey(cache: boolean): { readonly cache: boolean; readonly cacheKeyFn: (key: string) => string } {
  return { cache, cacheKeyFn: (key) => key };
}
