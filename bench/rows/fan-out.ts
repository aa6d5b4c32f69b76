import type { Round } from '../arithmetic';
import type { Pace } from '../load/pace';
import type { Dashboards, LiveServer } from '../stage/live-server';
import { Rival, RIVALS } from '../stage/rival';
import type { Stage } from '../stage/stage';
import { cpuOf, cpuWithoutDashboards } from './deliveries';
import type { Family } from './family';

/** Below what the textbook can bear with 1000 dashboards (7 a second), so that nobody is measured in a queue. */
const PACE: Pace = { bursts: 6, size: 1, perSecond: 5 };
/** Short ones and many, as of `send-http`: what stops a machine for half a second shall spoil one round of five. */
const ROUNDS = 5;

/**
 * Every server gets one event after the other for as long. Ours runs most of its code once an event and rivals theirs once a
 * delivery: after four events each, theirs was compiled and ours was not.
 */
const WARM_MS = 6000;

interface Entrant {
  readonly server: LiveServer;
  readonly dashboards: Dashboards;
  readonly withoutDashboards: number;
  readonly costs: number[];
}

/** One event to all dashboards: what a delivery costs the server, beside every rival in the same rounds. */
export const fanOut: Family = {
  name: 'fan-out',
  rows: ['fan-out-textbook', 'fan-out-ws'],
  measure: async (stage) => {
    const rivals: Rival[] = [];
    const entrants: Entrant[] = [];
    try {
      const names = stage.plan.quick ? ['ws.send(string)'] : RIVALS;
      for (const name of names) rivals.push(await Rival.start(stage.machine, name));
      for (const server of [await stage.baton(), await stage.textbook(), ...rivals]) {
        entrants.push(await enter(stage, server));
      }
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const entrant of inTurns(entrants, round)) entrant.costs.push(await costOfDelivery(entrant));
      }
    } finally {
      for (const { dashboards } of entrants) await dashboards.close();
      for (const rival of rivals) await rival.stop();
    }
    const costs = Object.fromEntries(entrants.map((entrant) => [entrant.server.name, entrant.costs]));
    const [baton] = entrants;
    const sending = `A send without dashboards costs Baton ${Math.round(baton?.withoutDashboards ?? 0)} µs of CPU, which is taken off.`;
    return {
      'fan-out-textbook': { rounds: paired(costs, 'textbook'), notes: [sending], others: costs },
      'fan-out-ws': { rounds: paired(costs, 'ws.send(string)'), notes: [sending] },
    };
  },
};

async function enter(stage: Stage, server: LiveServer): Promise<Entrant> {
  // What is taken off later must be as compiled as what it is taken off from. For rivals, who are handed an event, it is next to nothing.
  const [warmMs, pace, times] = server.name === 'Baton' ? [WARM_MS, PACE, 3] : [0, { ...PACE, bursts: 3 }, 1];
  await warm(server, null, warmMs);
  const withoutDashboards = await cpuWithoutDashboards(server, pace, times);
  const dashboards = await stage.openDashboards(server, stage.plan.dashboards);
  await warm(server, dashboards, WARM_MS);
  return { server, dashboards, withoutDashboards, costs: [] };
}

async function warm(server: LiveServer, dashboards: Dashboards | null, milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    await cpuOf(server, dashboards, { bursts: 1, size: 1, perSecond: 1 });
  }
}

async function costOfDelivery({ server, dashboards, withoutDashboards }: Entrant): Promise<number> {
  const cpu = await cpuOf(server, dashboards, PACE);
  return (cpu - withoutDashboards * PACE.bursts) / (PACE.bursts * dashboards.count);
}

/** Nobody is always the first of a round. */
function inTurns<Item>(items: readonly Item[], round: number): Item[] {
  return [...items.slice(round % items.length), ...items.slice(0, round % items.length)];
}

function paired(costs: Readonly<Record<string, readonly number[]>>, rival: string): Round[] {
  const [ours, theirs] = [costs.Baton ?? [], costs[rival] ?? []];
  return ours.map((cost, round) => ({ ours: cost, rival: theirs[round] ?? Number.NaN }));
}

/** Sixteen events at the same moment: what can be told in one write, or not. */
export const burst: Family = {
  name: 'burst',
  rows: ['burst'],
  measure: async (stage) => {
    const [baton, textbook] = [await stage.baton(), await stage.textbook()];
    const opened: Dashboards[] = [];
    try {
      const bursts = { size: 16, perSecond: 2 };
      await baton.publish({ ...bursts, bursts: 12, perSecond: 6 });
      const sending = await cpuWithoutDashboards(baton, { ...bursts, bursts: 3 }, 3);
      const ours = await stage.openDashboards(baton, stage.plan.dashboards);
      opened.push(ours);
      const theirs = await stage.openDashboards(textbook, stage.plan.dashboards);
      opened.push(theirs);
      const rounds: Round[] = [];
      for (let round = 0; round < stage.plan.rounds; round += 1) {
        const cpu = (await cpuOf(baton, ours, { ...bursts, bursts: 3 })) / 3 - sending;
        const rival = await cpuOf(textbook, theirs, { ...bursts, bursts: 1 });
        rounds.push({ ours: cpu / (16 * ours.count), rival: rival / (16 * theirs.count) });
      }
      const notes = [`16 sends without dashboards cost Baton ${Math.round(sending)} µs of CPU, which is taken off.`];
      return { burst: { rounds, notes } };
    } finally {
      for (const dashboards of opened) await dashboards.close();
    }
  },
};
