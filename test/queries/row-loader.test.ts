import { byOwnKey, RowLoader } from '../../src/queries/row-loader';

/** Batches in the order in which they were asked for; a row is its key in capitals, and there is none for "-". */
function startLoader(cache = true): { loader: RowLoader<string, string | null>; batches: string[][] } {
  const batches: string[][] = [];
  const loader = new RowLoader<string, string | null>(async (keys) => {
    batches.push([...keys]);
    return keys.map((key) => (key === '-' ? null : key.toUpperCase()));
  }, byOwnKey(cache));
  return { loader, batches };
}

describe('a loader of rows', () => {
  it('promises what it does not know, in one batch, and tells at once what it has read', async () => {
    const { loader, batches } = startLoader();
    const asked = ['a', 'b'].map((key) => loader.with(key, (row) => `${row}!`)) as Promise<string>[];
    expect(asked.map((each) => each instanceof Promise)).toEqual([true, true]);
    expect(await Promise.all(asked)).toEqual(['A!', 'B!']);
    expect(loader.with('b', (row) => `${row}?`)).toBe('B?');
    expect(await loader.load('b')).toBe('B');
    expect(batches).toEqual([['a', 'b']]);
  });

  it('reads ahead each key once, and not those that it knows', async () => {
    const { loader, batches } = startLoader();
    loader.tell('a', 'told');
    await loader.readAhead(['a', 'b', 'b', 'c']);
    await loader.readAhead(['c', 'a']);
    expect(batches).toEqual([['b', 'c']]);
    expect(['a', 'b', 'c'].map((key) => loader.with(key, (row) => row))).toEqual(['told', 'B', 'C']);
  });

  it('knows that there is no row', async () => {
    const { loader, batches } = startLoader();
    await loader.readAhead(['-']);
    expect(loader.with('-', (row) => row)).toBeNull();
    expect(batches).toEqual([['-']]);
  });

  it('without a cache keeps nothing and reads nothing ahead, as a subscription needs it', async () => {
    const { loader, batches } = startLoader(false);
    loader.tell('a', 'told');
    await loader.readAhead(['a']);
    expect(batches).toEqual([]);
    expect(await loader.with('a', (row) => row)).toBe('A');
    expect(await loader.with('a', (row) => row)).toBe('A');
    expect(batches).toHaveLength(2);
  });

  it('throws at once what the use of a known row throws', async () => {
    const { loader } = startLoader();
    await loader.readAhead(['-']);
    const use = (row: string | null): string => {
      if (row === null) throw new Error('gone');
      return row;
    };
    expect(() => loader.with('-', use)).toThrow('gone');
    await expect(loader.with('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
