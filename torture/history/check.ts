import { checkArrivals } from './check-arrivals';
import { checkControl } from './check-control';
import { checkFiles } from './check-files';
import { checkHandoffs } from './check-handoffs';
import { checkLadders } from './check-ladders';
import { checkLog } from './check-log';
import { checkNotes } from './check-notes';
import { checkNotifications } from './check-notifications';
import { checkSends } from './check-sends';
import { checkStream } from './check-stream';
import type { Breach, History } from './history';

/** Every promise that this history breaks; empty when it breaks none. Pure: the same history has the same breaches. */
export function checkHistory(history: History): Breach[] {
  return [
    ...checkLog(history.final),
    ...checkSends(history),
    ...checkControl(history),
    ...checkHandoffs(history),
    ...checkLadders(history),
    ...checkNotes(history),
    ...checkFiles(history),
    ...checkNotifications(history),
    ...checkArrivals(history),
    ...history.streams.flatMap((stream) => checkStream(stream, history.final.events)),
  ];
}
