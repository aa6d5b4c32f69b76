import type { Round } from '../arithmetic';
import type { Dashboards, LiveServer } from '../stage/live-server';
import type { Family } from './family';

/**
 * How much a server grows by idle dashboards. The first ones are not counted: with them come code, pools and a heap that
 * has to find its size.
 */
export const memory: Family = {
  name: 'memory',
  rows: ['memory'],
  measure: async (stage) => {
    const more = stage.plan.memorySockets / 2;
    const [baton, textbook] = [
      await stage.startBaton({ exposeGc: true }),
      await stage.startTextbook({ exposeGc: true }),
    ];
    const opened: Dashboards[] = [];
    try {
      const ours = await stage.openDashboards(baton, more);
      opened.push(ours);
      const theirs = await stage.openDashboards(textbook, more);
      opened.push(theirs);
      const rounds: Round[] = [];
      for (let round = 0; round < stage.plan.rounds; round += 1) {
        rounds.push({ ours: await growth(baton, ours, more), rival: await growth(textbook, theirs, more) });
      }
      return { memory: { rounds, notes: [`Each round opens ${more} more sockets at each.`] } };
    } finally {
      for (const dashboards of opened) await dashboards.close();
      await baton.stop();
      await textbook.stop();
    }
  },
};

async function growth(server: LiveServer, dashboards: Dashboards, more: number): Promise<number> {
  const before = await server.process.ask<number>('resident');
  await dashboards.openMore(more);
  return ((await server.process.ask<number>('resident')) - before) / more / 1024;
}
