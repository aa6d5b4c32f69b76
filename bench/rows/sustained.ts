import type { Round } from '../arithmetic';
import type { Baton } from '../stage/baton';
import type { Dashboards } from '../stage/live-server';
import type { Textbook } from '../stage/textbook';
import { allArrived } from './deliveries';
import type { Family } from './family';

const SECONDS = 2.5;
const P99_MS = 100;
/** Rates are told to a fifth of an octave or so: finer steps would take longer than the machine stays the same. */
const STEP = Math.SQRT2;
const HIGHEST = 2000;

/** How much can be delivered for good, not for a moment: ours with a bound on how late, the textbook's without any. */
export const sustained: Family = {
  name: 'sustained',
  rows: ['sustained'],
  measure: async (stage) => {
    const [baton, textbook] = [await stage.baton(), await stage.textbook()];
    const opened: Dashboards[] = [];
    try {
      const ours = await stage.openDashboards(baton, stage.plan.dashboards);
      opened.push(ours);
      const theirs = await stage.openDashboards(textbook, stage.plan.dashboards);
      opened.push(theirs);
      const rounds: Round[] = [];
      let found = await highestRate(baton, ours, 8, 2);
      for (let round = 0; round < stage.plan.rounds; round += 1) {
        found = await highestRate(baton, ours, found, STEP);
        rounds.push({ ours: found * ours.count, rival: await capacityOf(textbook, theirs) });
      }
      const rates = `Baton took ${rounds.map((round) => Math.round(round.ours / ours.count)).join(', ')} messages/s by its API in the rounds.`;
      return { sustained: { rounds, notes: [rates] } };
    } finally {
      for (const dashboards of opened) await dashboards.close();
    }
  },
};

/** The highest of the rates `from × step^n` at which all arrives, the slowest hundredth within 100 ms. */
async function highestRate(baton: Baton, dashboards: Dashboards, from: number, step: number): Promise<number> {
  let rate = from;
  if (await holds(baton, dashboards, rate)) {
    while (rate * step <= HIGHEST && (await holds(baton, dashboards, rate * step))) rate *= step;
    return rate;
  }
  while (rate > 0.5) {
    rate /= step;
    if (await holds(baton, dashboards, rate)) return rate;
  }
  throw new Error(`Baton: p99 is above ${P99_MS} ms at one message in two seconds`);
}

async function holds(baton: Baton, dashboards: Dashboards, rate: number): Promise<boolean> {
  const pace = { bursts: Math.max(3, Math.round(rate * SECONDS)), size: 1, perSecond: rate };
  await dashboards.reset();
  await baton.publish(pace);
  const expected = pace.bursts * dashboards.count;
  const { deliveries, p99, lost, firstLoss } = await dashboards.received(expected, 20_000);
  if (lost > 0) throw new Error(`Baton: ${lost} sockets were lost (${firstLoss ?? 'no reason'})`);
  return deliveries === expected && p99 !== null && p99 < P99_MS;
}

/** Deliveries a second with more to do than it can, however late they are. */
async function capacityOf(textbook: Textbook, dashboards: Dashboards): Promise<number> {
  const pace = { bursts: 1, size: 16, perSecond: 1 };
  await dashboards.reset();
  const begun = performance.now();
  await textbook.publish(pace);
  await allArrived(textbook, dashboards, pace);
  return (dashboards.count * pace.size * 1000) / (performance.now() - begun);
}
