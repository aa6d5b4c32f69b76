import type { DeliveryRow } from '../../torture/history/final-state';
import type { BreachKind, History } from '../../torture/history/history';
import { mailsTwice, withFinal } from './altered-history';
import { goodHistory, topicOf } from './good-history';

/** A request whose push came to Ben's browser at these times; `rows` are its deliveries there. */
interface Pushed {
  readonly at: readonly number[];
  readonly rows: readonly Partial<DeliveryRow>[];
}

/** A worker is killed from 30 to 31 s; what it has sent at that time it may not have noted. */
const KILLED = 30_500;
const ONCE = { at: [6_000], rows: [{ sentAt: 6_010 }] };
/** Sent and never noted: when somebody looked again there was nothing more to tell. */
const SKIPPED = { state: 'SKIPPED', detail: 'CLAIMED', sentAt: null } as const;

/** The good history, with the pushes of h1 and h2 told otherwise. */
function pushed(h1: Pushed, h2: Pushed): History {
  const told = Object.entries({ h1, h2 });
  const history = withFinal(({ deliveries }) => ({
    deliveries: told.reduce<readonly DeliveryRow[]>((rows, [handoffId, one]) => {
      const push = rows.find(({ id }) => id === `PUSH HANDOFF_REQUESTED ${handoffId} ben`)!;
      const others = rows.filter((row) => row !== push);
      return [...others, ...one.rows.map((row, index) => ({ ...push, id: `${push.id} ${index}`, ...row }))];
    }, deliveries),
  }));
  const pushes = told.flatMap(([handoffId, { at }]) =>
    at.map((time) => ({ id: topicOf(handoffId), endpoint: 'browser', at: time })),
  );
  return { ...history, pushes };
}

export const GOOD_ARRIVALS: readonly [string, History][] = [
  ['a mail that came twice, because its worker was killed', mailsTwice(KILLED, 2)],
  [
    'a push that came twice, because its worker was killed',
    pushed({ at: [KILLED, 90_000], rows: [{ attempts: 2, sentAt: 90_010 }] }, ONCE),
  ],
  [
    'a push in whose place another one came',
    pushed({ at: [5_000, 9_000], rows: [{ sentAt: 5_010 }, { sentAt: 9_010 }] }, ONCE),
  ],
  [
    'one in whose place another one came, beside one that its worker could not note',
    pushed(
      { at: [5_000, 9_000], rows: [{ sentAt: 5_010 }, { sentAt: 9_010 }] },
      { at: [KILLED], rows: [{ ...SKIPPED, attempts: 2 }] },
    ),
  ],
  [
    'one about more of the same, which its worker could not note',
    pushed({ at: [5_000, KILLED], rows: [{ sentAt: 5_010 }, { ...SKIPPED, attempts: 2 }] }, ONCE),
  ],
  [
    'two about the same at once, the first of which was noted last',
    pushed({ at: [5_000, 5_002], rows: [{ sentAt: 5_020 }, { sentAt: 5_010 }] }, ONCE),
  ],
];

export const BAD_ARRIVALS: readonly [BreachKind, string, History][] = [
  [
    'NOTIFICATION_LOST',
    'a mail that counts as sent and never came',
    { ...goodHistory(), mails: goodHistory().mails.slice(1) },
  ],
  [
    'NOTIFICATION_LOST',
    'a push that counts as sent and never came',
    { ...goodHistory(), pushes: goodHistory().pushes.slice(1) },
  ],
  [
    'NOTIFICATION_LOST',
    'a push that came only after it had been noted',
    pushed({ at: [5_100], rows: [{ sentAt: 5_010 }] }, ONCE),
  ],
  [
    'NOTIFICATION_LOST',
    'a push that never came, while one of another request came twice',
    pushed(
      { at: [5_000, 9_000], rows: [{ sentAt: 9_010 }] },
      { at: [6_000], rows: [{ sentAt: 6_010 }, { sentAt: 8_010 }] },
    ),
  ],
  ['NOTIFICATION_DOUBLED', 'a mail that came twice while nothing was wrong', mailsTwice(5_000, 2)],
  ['NOTIFICATION_DOUBLED', 'a mail that came twice in one attempt', mailsTwice(KILLED, 1)],
  [
    'NOTIFICATION_DOUBLED',
    'a push that came twice while nothing was wrong',
    pushed({ at: [5_000, 7_000], rows: [{ attempts: 2, sentAt: 7_010 }] }, ONCE),
  ],
  [
    'NOTIFICATION_DOUBLED',
    'a push that came twice in one attempt',
    pushed({ at: [KILLED, 90_000], rows: [{ attempts: 1, sentAt: 90_010 }] }, ONCE),
  ],
  [
    'NOTIFICATION_DOUBLED',
    'a push that came twice, while one of another request never came',
    pushed(
      { at: [5_000, 9_000], rows: [{ attempts: 2, sentAt: 9_010 }] },
      { at: [6_000], rows: [{ sentAt: 6_010 }, { sentAt: 8_010 }] },
    ),
  ],
  [
    'NOTIFICATION_DOUBLED',
    'a push that came three times, one of which a killed worker explains',
    pushed({ at: [5_000, 7_000, KILLED], rows: [{ attempts: 3, sentAt: 7_010 }] }, ONCE),
  ],
  [
    'NOTIFICATION_DOUBLED',
    'a push of which no delivery tells',
    { ...goodHistory(), pushes: [...goodHistory().pushes, { id: topicOf('h9'), endpoint: 'browser', at: 5_000 }] },
  ],
];
