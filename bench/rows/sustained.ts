import type { Round } from '../arithmetic';
import type { Dashboards } from '../stage/live-server';
import type { Textbook } from '../stage/textbook';
import type { Writer } from '../stage/writer';
import { allArrived } from './deliveries';
import type { Family } from './family';

const SECONDS = 2;
const P99_MS = 100;
/** Rates are told to a fifth of an octave or so: finer steps would take longer than the machine stays the same. */
const STEP = Math.SQRT2;
const HIGHEST = 2000;
/** More than can be in time, to tell what is delivered when nobody asks how late: what the textbook is asked. */
const FLOOD = 1024;
/** What the writer does before: at one message at a time its code would not be compiled before all was over. */
const WARM = { bursts: 6000, size: 1, perSecond: 1000 };
/** One stop of a disk or of a neighbour is more than a hundredth of such a time. */
const TRIES = 2;

/** How much can be delivered for good, not for a moment: ours with a bound on how late, the textbook's without any. */
export const sustained: Family = {
  name: 'sustained',
  rows: ['sustained'],
  measure: async (stage) => {
    const [baton, textbook, writer] = [await stage.baton(), await stage.textbook(), await stage.startWriter()];
    const opened: Dashboards[] = [];
    try {
      await writer.publish(WARM);
      const ours = await stage.openDashboards(baton, stage.plan.dashboards);
      opened.push(ours);
      const theirs = await stage.openDashboards(textbook, stage.plan.dashboards);
      opened.push(theirs);
      const rounds: Round[] = [];
      // Neither the search nor its first step shall be about code that is not compiled yet.
      await isInTime(writer, ours, 64);
      await isInTime(writer, ours, 128);
      let found = await highestRate(writer, ours, 64, 2);
      for (let round = 0; round < stage.plan.rounds; round += 1) {
        found = await highestRate(writer, ours, found, STEP);
        rounds.push({ ours: found * ours.count, rival: await capacityOf(textbook, theirs) });
      }
      const flooded = Math.round((await floodOf(writer, ours)) / 1000);
      const rates = rounds.map((round) => Math.round(round.ours / ours.count)).join(', ');
      const notes = [
        `Baton took ${rates} messages/s in the rounds, written by the command in a process beside it, as another API process writes.`,
        `However late, as the textbook is measured, it delivers ${flooded} thousand a second of ${FLOOD} messages/s.`,
      ];
      return { sustained: { rounds, notes } };
    } finally {
      for (const dashboards of opened) await dashboards.close();
      await writer.stop();
    }
  },
};

/** The highest of the rates `from × step^n` at which all arrives, the slowest hundredth within 100 ms. */
async function highestRate(writer: Writer, dashboards: Dashboards, from: number, step: number): Promise<number> {
  let rate = from;
  if (await holds(writer, dashboards, rate)) {
    while (rate * step <= HIGHEST && (await holds(writer, dashboards, rate * step))) rate *= step;
    return rate;
  }
  while (rate > 0.5) {
    rate /= step;
    if (await holds(writer, dashboards, rate)) return rate;
  }
  throw new Error(`Baton: p99 is above ${P99_MS} ms at one message in two seconds`);
}

async function holds(writer: Writer, dashboards: Dashboards, rate: number): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (await isInTime(writer, dashboards, rate)) return true;
  }
  return false;
}

/** Deliveries a second, from the first message that is due to the last delivery. */
async function floodOf(writer: Writer, dashboards: Dashboards): Promise<number> {
  const begun = performance.now();
  const { deliveries } = await play(writer, dashboards, FLOOD);
  return (deliveries * 1000) / (performance.now() - begun);
}

async function isInTime(writer: Writer, dashboards: Dashboards, rate: number): Promise<boolean> {
  const { expected, deliveries, p99 } = await play(writer, dashboards, rate);
  return deliveries === expected && p99 !== null && p99 < P99_MS;
}

/** What came of so many messages a second. */
async function play(
  writer: Writer,
  dashboards: Dashboards,
  rate: number,
): Promise<{ readonly expected: number; readonly deliveries: number; readonly p99: number | null }> {
  const pace = { bursts: Math.max(3, Math.round(rate * SECONDS)), size: 1, perSecond: rate };
  await dashboards.reset();
  await writer.publish(pace);
  const expected = pace.bursts * dashboards.count;
  const { deliveries, p99, lost, firstLoss } = await dashboards.received(expected, 20_000);
  if (lost > 0) throw new Error(`Baton: ${lost} sockets were lost (${firstLoss ?? 'no reason'})`);
  return { expected, deliveries, p99 };
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
