import type { BreachKind, History } from '../../torture/history/history';
import { gaveUpOver, swap, withFinal, withMessage, withStream } from './altered-history';
import { goodHistory } from './good-history';

/** Messages and events that were lost, doubled, reordered or made up. */
export const BAD_STREAMS: readonly [BreachKind, string, History][] = [
  [
    'LOST',
    'a message that was acknowledged and is not there',
    withFinal(({ messages, events, conversations, log, routerPosition }) => ({
      messages: messages.slice(0, -1).concat({ ...messages.at(-1)!, id: 'other' }),
      events: events.map((event) => (event.subjectId === 'm11' ? { ...event, subjectId: 'other' } : event)),
      conversations,
      log,
      routerPosition,
    })),
  ],
  ['LOST', 'an acknowledged text that is another one in the database', withMessage('m6', { text: 'I am Eve.' })],
  [
    'LOST',
    'a message that never came into the log',
    withFinal(({ events, log }) => ({
      events: events
        .slice(0, -1)
        .map((event) => (event.subjectId === 'm8' ? { ...event, name: 'TURN_OPENED' } : event)),
      log: { ...log, position: log.position - 1 },
      routerPosition: log.position - 1,
    })),
  ],
  [
    'LOST',
    'a message that is told and not in its table',
    withFinal(({ messages, conversations }) => ({
      messages: messages.slice(0, -1),
      conversations: conversations.map((one) => ({ ...one, lastSequence: one.lastSequence - 1 })),
    })),
  ],
  [
    'LOST',
    'a conversation that counts more messages than it has',
    withFinal(({ conversations }) => ({
      conversations: conversations.map((one) => ({ ...one, lastSequence: 12 })),
    })),
  ],
  [
    'LOST',
    'an event in the middle that a resumed stream never got',
    withStream('ada', (entries) => entries.filter((_, at) => at !== 8)),
  ],
  ['LOST', 'the last event, which a stream never got', withStream('olga', (entries) => entries.slice(0, -1))],
  ['LOST', 'a stream that gave up over 3 events', gaveUpOver(4)],
  ['LOST', 'a handoff that was given to an operator, and nobody has it', withFinal(() => ({ holds: [] }))],
  [
    'DOUBLED',
    'an event that came again after a resume',
    withStream('ada', (entries) => [...entries.slice(0, 8), entries[7]!, ...entries.slice(8)]),
  ],
  [
    'DOUBLED',
    'two events under one cursor',
    withStream('ada', (entries) =>
      entries.map((entry, at) => (at === 5 ? { ...entry, cursor: entries[4]!.cursor } : entry)),
    ),
  ],
  ['DOUBLED', 'one nonce on two messages', withMessage('m4', { nonce: 'nonce of m1' })],
  ['DOUBLED', 'one text under two nonces', withMessage('m4', { text: 'Hello?' })],
  [
    'DOUBLED',
    'a message that is twice in the log',
    withFinal(({ events }) => ({
      events: events.map((event) =>
        event.name === 'TURN_OPENED' ? { ...event, name: 'MESSAGE_ADDED', subjectId: 'm1' } : event,
      ),
    })),
  ],
  ['REORDERED', 'two events that changed places on a stream', withStream('olga', (entries) => swap(entries, 5))],
  [
    'REORDERED',
    'two messages that changed places in the log',
    withFinal(({ events }) => ({
      events: events.map((event) => {
        const other: Record<string, string> = { m4: 'm6', m6: 'm4' };
        return { ...event, subjectId: other[event.subjectId] ?? event.subjectId };
      }),
    })),
  ],
  ['REORDERED', 'a hole in the numbers of a conversation', withMessage('m11', { sequence: 12 })],
  [
    'INVENTED',
    'an event on a stream that the log does not hold',
    withStream('ada', (entries) => [...entries, { kind: 'EVENT', key: 'message m99', cursor: 'cursor 99' }]),
  ],
  [
    'REFUSED_BUT_WRITTEN',
    'a reply that was refused and is there',
    (() => {
      const history = goodHistory();
      const outcome = { kind: 'REFUSED', codes: ['STALE_CONTROL_EPOCH'] } as const;
      return {
        ...history,
        sends: history.sends.map((send) => (send.nonce === 'nonce of m8' ? { ...send, outcome } : send)),
      };
    })(),
  ],
];
