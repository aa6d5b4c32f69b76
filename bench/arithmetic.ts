/** Of an even number of values: the mean of the two in the middle. Throws when there are none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** By linear interpolation between the two nearest values; `percent` from 0 to 100. Throws when there are no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('There is no percentile of no values.');
  return below + (above - below) * (place - Math.floor(place));
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Which of the two a ratio is made of stands above the line. */
export type RatioOf = 'OURS_BY_RIVAL' | 'RIVAL_BY_OURS';

/** What one round found: both figures in the row's unit, taken one right after the other. */
export interface Round {
  readonly ours: number;
  readonly rival: number;
}

/**
 * One ratio a round, never the ratio of two medians: what slows the machine down for a while then slows both sides of a
 * ratio. Throws on a figure that is not above zero, of which no ratio can be told.
 */
export function ratiosOf(rounds: readonly Round[], of: RatioOf): number[] {
  return rounds.map(({ ours, rival }) => {
    if (!(ours > 0 && rival > 0)) throw new Error(`There is no ratio of ${ours} and ${rival}.`);
    return of === 'OURS_BY_RIVAL' ? ours / rival : rival / ours;
  });
}

const STEPS_PER_DOUBLING = 50;

/** Counts durations in steps of 1.4 %, so that millions of them take no room; exact up to that step. */
export class Histogram {
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(milliseconds: number, times = 1): void {
    const step = Math.round(Math.log2(Math.max(milliseconds, 0.001)) * STEPS_PER_DOUBLING);
    this.counts.set(step, (this.counts.get(step) ?? 0) + times);
    this.total += times;
  }

  clear(): void {
    this.counts.clear();
    this.total = 0;
  }

  /** Null when nothing was counted. */
  percentile(percent: number): number | null {
    let left = (this.total * percent) / 100;
    for (const [step, count] of [...this.counts].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return 2 ** (step / STEPS_PER_DOUBLING);
    }
    return null;
  }
}
