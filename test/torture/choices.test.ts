import { planFaults } from '../../torture/faults/plan';
import { optionsOf } from '../../torture/options';
import { Chance } from '../../torture/random';

const minute = { durationMs: 60_000, hasRedis: true };
const planOf = (seed: number, options = minute): ReturnType<typeof planFaults> =>
  planFaults(new Chance(seed, 'the faults'), options);

describe('Chance', () => {
  it('chooses the same again with the same seed and name, and other things with another one of either', () => {
    const choices = (seed: number, name: string): number[] => {
      const chance = new Chance(seed, name);
      return Array.from({ length: 8 }, () => chance.between(0, 1_000_000));
    };
    expect(choices(7, 'a')).toEqual(choices(7, 'a'));
    expect(choices(7, 'a')).not.toEqual(choices(8, 'a'));
    expect(choices(7, 'a')).not.toEqual(choices(7, 'b'));
  });

  it('chooses as often as the weights say', () => {
    const chance = new Chance(1, 'weights');
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let turn = 0; turn < 4000; turn += 1) counts[chance.weighted({ often: 3, seldom: 1, never: 0 })] += 1;
    expect(counts.never).toBe(0);
    expect(counts.often / counts.seldom).toBeGreaterThan(2.5);
    expect(counts.often / counts.seldom).toBeLessThan(3.5);
  });
});

describe('planFaults', () => {
  it('plans the same faults for the same seed, and others for another one', () => {
    expect(planOf(3)).toEqual(planOf(3));
    expect(planOf(3)).not.toEqual(planOf(4));
  });

  it('plans every kind of fault within a few runs, and none of Redis where there is none', () => {
    const kinds = (hasRedis: boolean): Set<string> =>
      new Set([1, 2, 3, 4, 5].flatMap((seed) => planOf(seed, { ...minute, hasRedis }).map(({ kind }) => kind)));
    expect(kinds(true).size).toBe(13);
    expect([...kinds(false)].filter((kind) => kind.includes('redis'))).toEqual([]);
  });

  it('begins after the clients, and stops losing workers in time for their jobs to be given away', () => {
    const plans = [1, 2, 3, 4, 5].flatMap((seed) => planOf(seed));
    expect(Math.min(...plans.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...plans.map(({ atMs }) => atMs))).toBeLessThan(54_000);
    const losses = plans.filter(({ kind }) => kind === 'kill-worker' || kind === 'pause-worker');
    expect(Math.max(...losses.map(({ atMs }) => atMs))).toBeLessThan(45_000);
  });
});

describe('optionsOf', () => {
  it('takes a minute and a seed of its own unless told', () => {
    expect(optionsOf([], () => 42)).toEqual({ seed: 42, durationMs: 60_000, json: false, keep: false, noRedis: false });
    expect(optionsOf(['--seed', '7', '--minutes', '2.5', '--json', '--keep', '--no-redis'], () => 42)).toEqual({
      seed: 7,
      durationMs: 150_000,
      json: true,
      keep: true,
      noRedis: true,
    });
  });

  it.each([
    [['--seed', 'x'], '--seed'],
    [['--seed', '4294967296'], '--seed'],
    [['--minutes', '0'], '--minutes'],
    [['--minutes', 'x'], '--minutes'],
    [['--hours', '1'], '--hours'],
  ])('refuses %j by name', (parameters, name) => {
    expect(() => optionsOf(parameters, () => 1)).toThrow(name);
  });
});
