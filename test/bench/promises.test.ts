import { Histogram, median, percentile, ratiosOf, spreadOf } from '../../bench/arithmetic';
import { boundText, type Outcome, PROMISES, type Promised, verdictOf } from '../../bench/promises';

const promised = (change: Partial<Promised>): Promised => ({
  row: 'row',
  figure: 'figure',
  rival: 'rival',
  unit: 'ms',
  ratioOf: 'OURS_BY_RIVAL',
  about: 'RATIO',
  bound: 'AT_LEAST',
  promise: 8,
  floor: 5,
  ...change,
});

const outcome = (change: Partial<Promised>, ...rounds: [ours: number, rival: number][]): Outcome => ({
  promised: promised(change),
  measured: { rounds: rounds.map(([ours, rival]) => ({ ours, rival })), notes: [] },
});

describe('median and percentile', () => {
  it('takes the middle of an odd number and the mean of the two of an even one, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it('lies between the two nearest values', () => {
    expect(percentile([0, 10, 20, 30], 90)).toBeCloseTo(27);
    expect(percentile([10, 2, 33], 100)).toBe(33);
  });

  it('has nothing to say of no values', () => {
    expect(() => median([])).toThrow('no values');
  });

  it('tells least and most beside the median', () => {
    expect(spreadOf([10, 2, 33])).toEqual({ median: 10, least: 2, most: 33 });
  });
});

describe('ratiosOf', () => {
  const rounds = [
    { ours: 2, rival: 10 },
    { ours: 4, rival: 12 },
  ];

  it('puts the rival above the line where less is better, and ours where more is', () => {
    expect(ratiosOf(rounds, 'RIVAL_BY_OURS')).toEqual([5, 3]);
    expect(ratiosOf(rounds, 'OURS_BY_RIVAL')).toEqual([0.2, 4 / 12]);
  });

  it.each([0, -1, Number.NaN])('refuses %p as a figure', (figure) => {
    expect(() => ratiosOf([{ ours: figure, rival: 1 }], 'OURS_BY_RIVAL')).toThrow('no ratio');
    expect(() => ratiosOf([{ ours: 1, rival: figure }], 'RIVAL_BY_OURS')).toThrow('no ratio');
  });
});

describe('Histogram', () => {
  it('finds percentiles to a step of 1.4 %, counting each time', () => {
    const histogram = new Histogram();
    histogram.add(10, 98);
    histogram.add(500, 2);
    expect(histogram.percentile(50)).toBeCloseTo(10, 0);
    expect(histogram.percentile(99)! / 500).toBeCloseTo(1, 1);
  });

  it('knows nothing before the first value and after it was cleared', () => {
    const histogram = new Histogram();
    expect(histogram.percentile(50)).toBeNull();
    histogram.add(1);
    histogram.clear();
    expect(histogram.percentile(50)).toBeNull();
  });
});

describe('verdictOf', () => {
  it('judges by the median of the ratios of single rounds, not by the ratio of the medians', () => {
    // The medians are 10 and 20, which would make 2.
    const verdict = verdictOf(outcome({ bound: 'AT_LEAST', promise: 3 }, [10, 2], [100, 20], [9, 90]))!;
    expect(verdict.ratio).toEqual({ median: 5, least: 0.1, most: 5 });
    expect(verdict.holds).toBe(true);
  });

  it.each([
    ['AT_LEAST', 8, { holds: true, breaksFloor: false }],
    ['AT_LEAST', 7.9, { holds: false, breaksFloor: false }],
    ['AT_LEAST', 4.9, { holds: false, breaksFloor: true }],
    ['AT_MOST', 5, { holds: true, breaksFloor: false }],
    ['AT_MOST', 6, { holds: false, breaksFloor: false }],
    ['AT_MOST', 8.1, { holds: false, breaksFloor: true }],
  ] as const)('%s: a ratio of %p', (bound, ratio, expected) => {
    const limits = bound === 'AT_LEAST' ? { promise: 8, floor: 5 } : { promise: 5, floor: 8 };
    expect(verdictOf(outcome({ bound, ...limits }, [ratio, 1]))).toMatchObject(expected);
  });

  it('asks what is counted to be right in every round', () => {
    const exact = { bound: 'EXACTLY', promise: 1, floor: 1 } as const;
    expect(verdictOf(outcome(exact, [3, 3], [3, 3]))).toMatchObject({ holds: true, breaksFloor: false });
    expect(verdictOf(outcome(exact, [3, 3], [3, 3], [4, 3]))).toMatchObject({ holds: false, breaksFloor: true });
  });

  it('judges our own figure where the promise is about it', () => {
    const stall = { about: 'OURS', bound: 'AT_MOST', promise: 15, floor: 40 } as const;
    expect(verdictOf(outcome(stall, [14, 1], [15, 1], [90, 1]))).toMatchObject({ holds: true, breaksFloor: false });
    expect(verdictOf(outcome(stall, [41, 1000]))).toMatchObject({ holds: false, breaksFloor: true });
  });

  it('says nothing of what could not be measured', () => {
    expect(verdictOf({ promised: promised({}), failure: 'no socket' })).toBeNull();
  });
});

describe('the table of promises', () => {
  it('has no name twice', () => {
    const names = PROMISES.map(({ row }) => row);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(PROMISES)('$row: the floor is not above what is promised', ({ bound, promise, floor }) => {
    if (bound === 'AT_LEAST') expect(floor).toBeLessThanOrEqual(promise);
    else expect(floor).toBeGreaterThanOrEqual(promise);
  });

  it('writes a bound with its sign and its unit', () => {
    expect(boundText(promised({ promise: 8 }), 8)).toBe('≥ 8 ×');
    expect(boundText(promised({ bound: 'AT_MOST' }), 2 / 3)).toBe('≤ 0.67 ×');
    expect(boundText(promised({ bound: 'AT_MOST', about: 'OURS' }), 15)).toBe('≤ 15 ms');
  });
});
