import type { Round } from '../arithmetic';
import type { ClosedLoop } from '../load/sender';
import { SEND_MESSAGE } from '../stage/baton';
import type { Dashboards } from '../stage/live-server';
import type { Stage } from '../stage/stage';
import { TEXTBOOK_SEND } from '../stage/textbook';
import type { Family } from './family';

const SENDERS = 64;
const ARRIVAL_MS = 60_000;
/** How events are told has not been compiled by then. */
const WARM_MS = 2500;
/** With 500 dashboards, what it is sent in a second takes the textbook three more to tell. */
const TEXTBOOK_WARM_MS = 1000;

const rowOf = (dashboards: number): string => `end-to-end-${dashboards}`;

function endToEnd(count: number): Family {
  return {
    name: rowOf(count),
    rows: [rowOf(count)],
    measure: async (stage) => {
      const [baton, textbook] = [await stage.baton(), await stage.textbook()];
      const opened: Dashboards[] = [];
      try {
        const ours = await stage.openDashboards(baton, count);
        opened.push(ours);
        const theirs = await stage.openDashboards(textbook, count);
        opened.push(theirs);
        const loop = { path: '/graphql', milliseconds: stage.plan.loopMs };
        const mine = { ...loop, port: baton.port, query: SEND_MESSAGE, callers: baton.callers(SENDERS) };
        const its = { ...loop, port: textbook.port, query: TEXTBOOK_SEND, callers: textbook.callers(SENDERS) };
        await messagesPerSecond(stage, ours, { ...mine, milliseconds: WARM_MS });
        await messagesPerSecond(stage, theirs, { ...its, milliseconds: TEXTBOOK_WARM_MS });
        const rounds: Round[] = [];
        for (let round = 0; round < stage.plan.rounds; round += 1) {
          rounds.push({
            ours: await messagesPerSecond(stage, ours, mine),
            rival: await messagesPerSecond(stage, theirs, its),
          });
        }
        return { [rowOf(count)]: { rounds, notes: [] } };
      } finally {
        for (const dashboards of opened) await dashboards.close();
      }
    },
  };
}

/** From the first request to the last delivery: what is still on its way when the senders stop has not been told yet. */
async function messagesPerSecond(stage: Stage, dashboards: Dashboards, loop: ClosedLoop): Promise<number> {
  await dashboards.reset();
  const begun = performance.now();
  const { answered } = await stage.closedLoop(loop);
  const expected = answered * dashboards.count;
  const { deliveries, lost, firstLoss } = await dashboards.received(expected, ARRIVAL_MS);
  if (deliveries !== expected || lost > 0) {
    throw new Error(
      `${deliveries} of ${expected} deliveries arrived, ${lost} sockets were lost (${firstLoss ?? 'no reason'})`,
    );
  }
  return (answered * 1000) / (performance.now() - begun);
}

/** Three families, so that one that fails leaves the others their figures. */
export const END_TO_END: readonly Family[] = [endToEnd(1), endToEnd(50), endToEnd(500)];
