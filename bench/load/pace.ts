import { setTimeout as delay } from 'node:timers/promises';

/** How events come: `bursts` of `size` at the same moment, so many bursts a second. */
export interface Pace {
  readonly bursts: number;
  readonly size: number;
  readonly perSecond: number;
}

/** An open loop: a burst is due at its moment whatever became of those before it. */
export async function paced(pace: Pace, emit: (number: number) => void): Promise<void> {
  const begun = performance.now();
  for (let burst = 0; burst < pace.bursts; burst += 1) {
    const wait = begun + (burst * 1000) / pace.perSecond - performance.now();
    if (wait > 0) await delay(wait);
    for (let one = 0; one < pace.size; one += 1) emit(burst * pace.size + one);
  }
}
