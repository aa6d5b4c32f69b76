import { median, type Round } from '../arithmetic';
import type { Dashboards, LiveServer } from '../stage/live-server';
import { allArrived } from './deliveries';
import type { Family } from './family';

const ONE = { bursts: 1, size: 1, perSecond: 1 };

/** For how long one event keeps a server from doing anything else. */
export const stall: Family = {
  name: 'stall',
  rows: ['stall'],
  measure: async (stage) => {
    const { stallSockets, rounds: count } = stage.plan;
    const [baton, textbook] = [await stage.baton(), await stage.textbook()];
    const opened: Dashboards[] = [];
    try {
      const ours = await stage.openDashboards(baton, stallSockets);
      opened.push(ours);
      const theirs = await stage.openDashboards(textbook, stallSockets);
      opened.push(theirs);
      await longestStall(baton, ours);
      const rounds: Round[] = [];
      for (let round = 0; round < count; round += 1) {
        const stalls = [];
        for (let event = 0; event < 3; event += 1) stalls.push(await longestStall(baton, ours));
        rounds.push({ ours: median(stalls), rival: await longestStall(textbook, theirs) });
      }
      return { stall: { rounds, notes: [`${stallSockets} sockets at each.`] } };
    } finally {
      for (const dashboards of opened) await dashboards.close();
    }
  },
};

async function longestStall(server: LiveServer, dashboards: Dashboards): Promise<number> {
  await dashboards.reset();
  await server.process.ask('watchDelay');
  await server.publish(ONE);
  await allArrived(server, dashboards, ONE);
  return server.process.ask<number>('longestDelay');
}
