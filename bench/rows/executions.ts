import type { Round } from '../arithmetic';
import type { Baton } from '../stage/baton';
import type { Dashboards } from '../stage/live-server';
import { allArrived } from './deliveries';
import type { Family } from './family';

const GROUPS = 3;
const PACE = { bursts: 16, size: 1, perSecond: 8 };

interface Counts {
  readonly executions: number;
  readonly statements: number;
}

/** Whether work grows with the number of dashboards: counted, not timed. */
export const executions: Family = {
  name: 'executions',
  rows: ['executions', 'statements'],
  measure: async (stage) => {
    const baton = await stage.startBaton({ counting: true });
    const few = Math.round(stage.plan.dashboards / 10);
    let dashboards: Dashboards | null = null;
    try {
      dashboards = await stage.openDashboards(baton, few, GROUPS);
      const before = await countRounds(baton, dashboards, stage.plan.rounds);
      dashboards = await dashboards.openMore(stage.plan.dashboards - few, GROUPS);
      const after = await countRounds(baton, dashboards, stage.plan.rounds);
      const notes = [
        `${few} and ${stage.plan.dashboards} dashboards in ${GROUPS} groups; the send itself is among the statements.`,
      ];
      const groups = (counts: Counts): Round => ({ ours: counts.executions, rival: GROUPS });
      return {
        executions: { rounds: [...before, ...after].map(groups), notes },
        statements: {
          rounds: after.map(({ statements }, round) => ({
            ours: statements,
            rival: before[round]?.statements ?? Number.NaN,
          })),
          notes,
        },
      };
    } finally {
      await dashboards?.close();
      await baton.stop();
    }
  },
};

async function countRounds(baton: Baton, dashboards: Dashboards, rounds: number): Promise<Counts[]> {
  const found: Counts[] = [];
  // The first event may find a field that it has to read anew.
  for (let round = -1; round < rounds; round += 1) {
    const before = await baton.process.ask<Counts>('counts');
    await dashboards.reset();
    await baton.publish(PACE);
    await allArrived(baton, dashboards, PACE);
    const after = await baton.process.ask<Counts>('counts');
    if (round < 0) continue;
    // The sender's own answer serialises one DateTime as well.
    const sends = PACE.bursts;
    found.push({
      executions: (after.executions - before.executions - sends) / PACE.bursts,
      statements: (after.statements - before.statements) / PACE.bursts,
    });
  }
  return found;
}
