import { median } from '../arithmetic';
import type { Pace } from '../load/pace';
import type { Dashboards, LiveServer } from '../stage/live-server';

const ARRIVAL_MS = 40_000;

/** CPU of the server process, in µs, from the first event to the last delivery. Throws when a delivery is missing. */
export async function cpuOf(server: LiveServer, dashboards: Dashboards | null, pace: Pace): Promise<number> {
  const before = await server.process.ask<number>('cpu');
  await dashboards?.reset();
  await server.publish(pace);
  if (dashboards !== null) await allArrived(server, dashboards, pace);
  return (await server.process.ask<number>('cpu')) - before;
}

export async function allArrived(server: LiveServer, dashboards: Dashboards, pace: Pace): Promise<void> {
  const expected = dashboards.count * pace.bursts * pace.size;
  const { deliveries, lost, firstLoss } = await dashboards.received(expected, ARRIVAL_MS);
  if (deliveries === expected && lost === 0) return;
  const why = firstLoss === null ? '' : ` (${firstLoss})`;
  throw new Error(`${server.name}: ${deliveries} of ${expected} deliveries arrived, ${lost} sockets were lost${why}`);
}

/**
 * What one event or burst costs with nobody watching, the median of so many times: for Baton the send itself. Taken off,
 * since rivals are not asked for it.
 */
export async function cpuWithoutDashboards(server: LiveServer, pace: Pace, times: number): Promise<number> {
  const costs: number[] = [];
  for (let time = 0; time < times; time += 1) costs.push((await cpuOf(server, null, pace)) / pace.bursts);
  return median(costs);
}
