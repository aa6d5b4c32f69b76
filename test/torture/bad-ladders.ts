import type { EventRow, RungRow } from '../../torture/history/final-state';
import type { BreachKind, History } from '../../torture/history/history';
import { withFinal } from './altered-history';

/** The good history, with the climb of h3 told otherwise. The streams are left out: they tell what was told. */
const withClimb = (version: number, change: Partial<EventRow>): History =>
  withEvents((event) => (event.subjectId === 'h3' && event.version === version ? { ...event, ...change } : event));

const withEvents = (change: (event: EventRow) => EventRow): History => ({
  ...withFinal(({ events }) => ({ events: events.map(change) })),
  streams: [],
});

const withRung = (handoffId: string, rung: RungRow['rung'], change: Partial<RungRow>): History =>
  withFinal(({ rungs }) => ({
    rungs: rungs.map((row) => (row.handoffId === handoffId && row.rung === rung ? { ...row, ...change } : row)),
  }));

/** Without the notifications of h3 that these words are part of, and their deliveries. */
const untold = (...words: string[]): History =>
  withFinal(({ notifications, deliveries }) => ({
    notifications: notifications.filter(({ id }) => !words.includes(id)),
    deliveries: deliveries.filter(({ notificationId }) => !words.includes(notificationId ?? '')),
  }));

const alsoTold = (userId: string, windowStart: number): History =>
  withFinal(({ notifications }) => ({
    notifications: [
      ...notifications,
      {
        ...{ id: 'also', kind: 'HANDOFF_REQUESTED', subjectId: 'h3' },
        ...{ userId, windowStart, leavesAt: Math.max(windowStart, 51_300) },
      },
    ],
  }));

const AGAIN = 'HANDOFF_REQUESTED h3 cleo 53100';
/** EVERYONE and FALLBACK were due together: one event, of the last of them. */
const together = (): History => {
  const history = withFinal(({ events, rungs }) => ({
    events: events.map((event) => {
      if (event.subjectId !== 'h3' || event.version === null || event.version === 1) return event;
      return event.version === 2 ? { ...event, name: 'TURN_OPENED' } : { ...event, version: event.version - 1 };
    }),
    rungs: rungs.map((row) =>
      row.handoffId === 'h3' && row.rung === 'EVERYONE' ? { ...row, reachedAt: 53_100 } : row,
    ),
  }));
  return { ...history, streams: [] };
};
const without = (history: History, id: string): History => {
  const { final } = history;
  return { ...history, final: { ...final, notifications: final.notifications.filter((row) => row.id !== id) } };
};

const MISSED = { state: 'SKIPPED', detail: 'ENDED', reachedAt: null } as const;
/** h3 had its deadline a minute later, and its last rung was never reached. */
const neverReached = (hitUntil: number): History => {
  const history = withRung('h3', 'FALLBACK', MISSED);
  const { final } = withClimb(3, { name: 'TURN_OPENED' });
  const handoffs = final.handoffs.map((row) => (row.id === 'h3' ? { ...row, endedAt: 90_000, answerBy: 90_000 } : row));
  const events = final.events.map((event) => (event.version === 4 ? { ...event, version: 3 } : event));
  const notifications = final.notifications.filter(({ windowStart }) => windowStart === 0);
  const faults = [{ kind: 'pause-worker', target: 'worker-1', hitsWorkers: true, from: 52_000, to: hitUntil }];
  return { ...history, faults, streams: [], final: { ...history.final, handoffs, events, notifications } };
};

export const GOOD_LADDERS: readonly [string, History][] = [
  ['a ladder whose rungs were due together, because no worker was there', together()],
  ['those named who were told with everybody, late, and not again', without(withRowAt(53_120), AGAIN)],
  ['a rung that was never reached, while no worker was there', neverReached(85_000)],
];

function withRowAt(leavesAt: number): History {
  return withFinal(({ notifications }) => ({
    notifications: notifications.map((row) => (row.userId === 'cleo' ? { ...row, leavesAt } : row)),
  }));
}

/** Ladders that were climbed wrongly, or not; and who was told on them. */
export const BAD_LADDERS: readonly [BreachKind, string, History][] = [
  ['DOUBLED', 'a rung that was climbed twice', withClimb(2, { rung: 'FALLBACK' })],
  ['LADDER_BROKEN', 'a ladder that was climbed down', withClimb(3, { rung: 'ONLINE' })],
  [
    'LADDER_BROKEN',
    'a request that climbed on when it was over',
    withEvents((event) => (event.subjectId === 'h1' && event.version === 3 ? { ...event, state: 'REQUESTED' } : event)),
  ],
  ['LOST', 'a rung that counts as reached, of which nothing was told', withClimb(3, { name: 'TURN_OPENED' })],
  ['LADDER_BROKEN', 'a rung that was told and counts as skipped', withRung('h3', 'FALLBACK', MISSED)],
  ['LADDER_BROKEN', 'nobody in time, and the last rung says otherwise', withRung('h2', 'UNANSWERED', MISSED)],
  ['EARLY_DEADLINE', 'a rung that was reached ahead of its time', withRung('h3', 'EVERYONE', { dueAt: 51_201 })],
  [
    'FORGOTTEN_DEADLINE',
    'a rung that waits, of a request that is over',
    withRung('h3', 'FALLBACK', { state: 'WAITING', reachedAt: null }),
  ],
  ['FORGOTTEN_DEADLINE', 'a rung that was never reached, though workers were there', neverReached(52_100)],
  [
    'FORGOTTEN_DEADLINE',
    'a request that still waits, long behind its next rung',
    withFinal(({ handoffs, rungs }) => ({
      handoffs: handoffs.map((row) =>
        row.id === 'h3' ? { ...row, state: 'REQUESTED', endedAt: null, answerBy: 200_000, nextRungAt: 53_000 } : row,
      ),
      rungs: rungs.map((row) =>
        row.handoffId === 'h3' && row.rung === 'FALLBACK' ? { ...row, state: 'WAITING', reachedAt: null } : row,
      ),
    })),
  ],
  ['CONTROL_BROKEN', 'a version that was left out', withClimb(3, { version: 4 })],
  ['NOTIFICATION_LOST', 'somebody named who was not told again', untold(AGAIN)],
  ['NOTIFICATION_LOST', 'staff who are named and were not told', untold('HANDOFF_REQUESTED h3 olga 53100')],
  ['NOTIFICATION_LOST', 'somebody who was not told with everybody', untold('HANDOFF_REQUESTED h3 ada 0')],
  [
    'NOTIFICATION_LOST',
    'rungs that were due together, of which those named alone were told',
    without(together(), 'HANDOFF_REQUESTED h3 ada 0'),
  ],
  ['NOTIFICATION_DOUBLED', 'somebody named who was told three times', alsoTold('cleo', 53_099)],
  ['LADDER_BROKEN', 'staff who were told with everybody', alsoTold('olga', 0)],
  ['LADDER_BROKEN', 'somebody who was told with those named', alsoTold('ada', 53_100)],
  ['LADDER_BROKEN', 'somebody named who was told at another time', alsoTold('olga', 58_000)],
];
