import { ProviderBusy, ProviderSlots } from '../../src/workers/provider-slots';

/** Its own clock; work that ends when it is told. */
function stage(concurrency: number) {
  let time = 0;
  const slots = new ProviderSlots({ concurrency, now: () => time, random: () => 0 });
  const ends: (() => void)[] = [];
  const never = (provider: string): Promise<void> =>
    slots.through(provider, () => new Promise<void>((resolve) => ends.push(resolve)));
  const accepted = (provider: string, times: number): number => {
    let count = 0;
    for (let index = 0; index < times; index += 1) {
      const before = ends.length;
      never(provider).catch((error: unknown) => expect(error).toBeInstanceOf(ProviderBusy));
      count += ends.length - before;
    }
    return count;
  };
  return {
    slots,
    accepted,
    pass: (ms: number) => (time += ms),
    endAll: async () => {
      for (const end of ends.splice(0)) end();
      await new Promise(setImmediate);
    },
  };
}

describe('ProviderSlots', () => {
  it('gives one provider half of the slots at most, and another one the rest', () => {
    const { accepted } = stage(16);
    expect(accepted('dead', 100)).toBe(8);
    expect(accepted('healthy', 100)).toBe(8);
  });

  it('gives a provider that does not answer an eighth, until it is quick again', async () => {
    const { accepted, pass, endAll, slots } = stage(16);
    accepted('dead', 100);
    pass(10_000);
    expect(accepted('dead', 100)).toBe(0);
    await endAll();
    expect(accepted('dead', 100)).toBe(2);
    await endAll();
    await slots.through('dead', () => Promise.resolve());
    expect(accepted('dead', 100)).toBe(8);
  });

  it('gives all providers that do not answer together half', () => {
    const { accepted, pass } = stage(16);
    for (const name of ['a', 'b', 'c', 'd']) accepted(name, 2);
    pass(10_000);
    expect(accepted('a', 1)).toBe(0);
    expect(accepted('healthy', 8)).toBe(8);
  });

  it('lets one wait longer, the more of them wait for a slow provider', async () => {
    const { accepted, pass, slots } = stage(8);
    accepted('dead', 4);
    const wait = async (): Promise<number> =>
      slots
        .through('dead', () => Promise.resolve())
        .then(
          () => 0,
          (error: unknown) => (error as ProviderBusy).delayMs,
        );
    expect(await wait()).toBe(250);
    pass(10_000);
    const first = await wait();
    accepted('dead', 2000);
    expect(first).toBeGreaterThanOrEqual(5000);
    expect(await wait()).toBe(60_000);
  });

  it('frees the slot of what has failed, and works with a single one', async () => {
    const { slots } = stage(1);
    await expect(slots.through('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slots.through('a', () => Promise.resolve('yes'))).toBe('yes');
  });
});
