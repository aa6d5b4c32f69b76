import type { EventRow } from '../../torture/history/final-state';
import type { BreachKind, History } from '../../torture/history/history';
import { A_MAIL, messagesTold, withDelivery, withFinal, withNewMessage } from './altered-history';
import { goodHistory } from './good-history';

const isAcceptance = ({ state }: EventRow): boolean => state === 'ACCEPTED';
const handedOn = (event: EventRow): EventRow => ({
  ...event,
  ...{ acceptedById: 'ben', transferredById: 'ada', transferHoldId: 'hold' },
});

/** Ben is handed it by Ada, half a second before its end, and asks for it himself at this moment. */
export function claimedByBen(at: number): History {
  const history = withFinal(({ holds }) => ({
    holds: holds.flatMap((hold) => [
      { ...hold, endedAt: 9_500 },
      { ...hold, id: 'ben’s', userId: 'ben', origin: 'TRANSFERRED', beganAt: 9_500 },
    ]),
  }));
  return { ...history, claims: [...history.claims, { handoffId: 'h1', operatorId: 'ben', at }] };
}

/** Control, deadlines, notifications and what is left behind. */
export const BAD_HANDOFFS: readonly [BreachKind, string, History][] = [
  [
    'SPOKEN_OVER',
    'the AI that writes while a person has control',
    withNewMessage({ authorKind: 'AI', authorId: null, text: 'As I was saying' }, 'm6'),
  ],
  [
    'SPOKEN_OVER',
    'the silent AI that writes while a request waits',
    withNewMessage({ authorKind: 'AI', authorId: null, text: 'Hm.' }, 'm3'),
  ],
  [
    'TWO_OPERATORS',
    'another operator who writes beside the one',
    withNewMessage({ authorKind: 'OPERATOR', authorId: 'ben', text: 'Me too!' }, 'm6'),
  ],
  [
    'TWO_OPERATORS',
    'an operator who writes after handing back',
    withNewMessage({ authorKind: 'OPERATOR', authorId: 'ada', text: 'And…' }, 'm7'),
  ],
  [
    'TWO_OPERATORS',
    'two who were told that they have the handoff',
    { ...goodHistory(), claims: [...goodHistory().claims, { handoffId: 'h1', operatorId: 'ben', at: 6_020 }] },
  ],
  ['TWO_OPERATORS', 'one who was told that they have what was handed to them later', claimedByBen(9_499)],
  [
    'TWO_OPERATORS',
    'two who had the handoff at once',
    withFinal(({ holds }) => ({ holds: [...holds, { ...holds[0]!, id: 'other', userId: 'ben', beganAt: 9_999 }] })),
  ],
  [
    'CONTROL_BROKEN',
    'a transfer by somebody who did not have it',
    withFinal(({ events }) => ({ events: events.map((event) => (isAcceptance(event) ? handedOn(event) : event)) })),
  ],
  [
    'NOTIFICATION_LOST',
    'a transfer that its operator was not told of',
    withFinal(({ events }) => ({ events: events.map((event) => (isAcceptance(event) ? handedOn(event) : event)) })),
  ],
  [
    'TWO_OPERATORS',
    'a handoff that was accepted twice',
    withFinal(({ events }) => ({
      events: events
        .map((event) =>
          event.name === 'TURN_OPENED'
            ? { ...event, name: 'HANDOFF_CHANGED', subjectId: 'h1', state: 'ACCEPTED' }
            : event,
        )
        .toSorted((a, b) => Number(a.position === 6) - Number(b.position === 6))
        .map((event, index) => ({ ...event, position: index + 4 })),
    })),
  ],
  [
    'CONTROL_BROKEN',
    'an epoch that was left out',
    withFinal(({ events }) => ({
      events: events.map((event) => (event.controlEpoch === 6 ? { ...event, controlEpoch: 7 } : event)),
    })),
  ],
  [
    'FORGOTTEN_DEADLINE',
    'a request that still waits a minute later',
    withFinal(({ handoffs, events }) => ({
      handoffs: handoffs.map((row) => (row.id === 'h2' ? { ...row, state: 'REQUESTED', endedAt: null } : row)),
      events: events.map((event) => (event.state === 'UNANSWERED' ? { ...event, name: 'TURN_OPENED' } : event)),
    })),
  ],
  [
    'EARLY_DEADLINE',
    'a request that was given up ahead of its deadline',
    withFinal(({ handoffs }) => ({
      handoffs: handoffs.map((row) => (row.id === 'h2' ? { ...row, endedAt: 39_000 } : row)),
    })),
  ],
  [
    'NOTIFICATION_LOST',
    'a request of which an operator was not told',
    withFinal(({ notifications, deliveries }) => ({
      notifications: notifications.filter(({ id }) => id !== A_MAIL),
      deliveries: deliveries.filter(({ notificationId }) => notificationId !== A_MAIL),
    })),
  ],
  [
    'NOTIFICATION_LOST',
    'a notification without the mail that was chosen',
    withFinal(({ deliveries }) => ({
      deliveries: deliveries.filter(({ id }) => id !== `EMAIL ${A_MAIL}`),
    })),
  ],
  ['NOTIFICATION_LOST', 'a delivery that stays pending', withDelivery(`EMAIL ${A_MAIL}`, { state: 'PENDING' })],
  ['NOTIFICATION_LOST', 'a delivery that failed', withDelivery(`EMAIL ${A_MAIL}`, { state: 'FAILED' })],
  [
    'NOTIFICATION_LOST',
    'a router that stands still',
    withFinal(({ routerPosition }) => ({ routerPosition: routerPosition - 1 })),
  ],
  [
    'NOTIFICATION_DOUBLED',
    'two rows for one person and request',
    withFinal(({ notifications }) => ({
      notifications: [...notifications, { ...notifications[0]!, id: 'again' }],
    })),
  ],
  ['NOTIFICATION_DOUBLED', 'two alerts of messages within one interval', messagesTold(0, 59_000)],
  ['OUTBOX_LEFT', 'rows that the dispatcher left', withFinal(() => ({ outboxRows: 2 }))],
  [
    'LOG_HOLE',
    'a position that is missing',
    withFinal(({ events }) => ({ events: events.filter(({ name }) => name !== 'TURN_OPENED') })),
  ],
  [
    'LOG_HOLE',
    'a log that says it is longer than it is',
    withFinal(({ log }) => ({
      log: { ...log, position: log.position + 1 },
      routerPosition: log.position + 1,
    })),
  ],
  [
    'TURN_LEFT_OPEN',
    'a turn that nobody answered',
    withFinal(({ turns }) => ({
      turns: turns.map((turn) => ({ ...turn, state: 'OPEN' })),
    })),
  ],
];
