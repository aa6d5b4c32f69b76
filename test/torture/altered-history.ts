import type { FinalState, MessageRow } from '../../torture/history/final-state';
import type { History, StreamEntry, StreamRecord } from '../../torture/history/history';
import { goodHistory } from './good-history';

/** The good history, with another end. */
export const withFinal = (change: (final: FinalState) => Partial<FinalState>): History => {
  const history = goodHistory();
  return { ...history, final: { ...history.final, ...change(history.final) } };
};

export const withMessage = (id: string, change: Partial<MessageRow>): History =>
  withFinal(({ messages }) => ({ messages: messages.map((row) => (row.id === id ? { ...row, ...change } : row)) }));

/** One more message behind another one, told as it should be. Nobody sent it and no stream was told, which is not what it is about. */
export const withNewMessage = (row: Pick<MessageRow, 'authorKind' | 'authorId' | 'text'>, afterId: string): History =>
  withoutClients(
    withFinal(({ messages, conversations, events, log, routerPosition }) => {
      const at = messages.findIndex(({ id }) => id === afterId) + 1;
      const added = { ...messages[0]!, ...row, id: 'added', nonce: 'added' };
      const all = [...messages.slice(0, at), added, ...messages.slice(at)].map((message, index) => ({
        ...message,
        sequence: index + 1,
      }));
      const place = events.findIndex(({ subjectId }) => subjectId === afterId) + 1;
      const told = { ...events[1]!, subjectId: 'added' };
      return {
        messages: all,
        conversations: conversations.map((one) =>
          one.id === 'conversation' ? { ...one, lastSequence: all.length } : one,
        ),
        events: [...events.slice(0, place), told, ...events.slice(place)].map((event, index) => ({
          ...event,
          position: index + 4,
        })),
        log: { ...log, position: log.position + 1 },
        routerPosition: routerPosition + 1,
      };
    }),
  );

const withoutClients = (history: History): History => ({ ...history, sends: [], streams: [] });

const QUIET = goodHistory().final.conversations.filter(({ id }) => id === 'quiet');

export const withStream = (
  name: string,
  change: (entries: readonly StreamEntry[]) => readonly StreamEntry[],
): History => {
  const history = goodHistory();
  const streams = history.streams.map((one): StreamRecord =>
    one.name === name ? { ...one, entries: change(one.entries) } : one,
  );
  return { ...history, streams };
};

export const swap = (entries: readonly StreamEntry[], at: number): StreamEntry[] => [
  ...entries.slice(0, at),
  entries[at + 1]!,
  entries[at]!,
  ...entries.slice(at + 2),
];

export const withDelivery = (id: string, change: Partial<FinalState['deliveries'][number]>): History =>
  withFinal(({ deliveries }) => ({
    deliveries: deliveries.map((row) => (row.id === id ? { ...row, ...change } : row)),
  }));

export const A_MAIL = 'HANDOFF_REQUESTED h1 ada';
export const mailsTwice = (first: number, attempts: number): History => {
  const history = withDelivery(`EMAIL ${A_MAIL}`, { attempts, sentAt: first + 70_010 });
  const mail = { id: `<${A_MAIL}>`, endpoint: null };
  const others = history.mails.filter(({ id }) => id !== mail.id);
  return { ...history, mails: [...others, { ...mail, at: first }, { ...mail, at: first + 70_000 }] };
};

/** Told of more than 300 events, or fewer, while the stream was cut: `recovered: false`, and on from there. */
export const gaveUpOver = (missed: number): History => {
  const history = goodHistory();
  const message = history.final.messages[0]!;
  const rows = Array.from({ length: missed }, (_, index) => ({
    ...message,
    id: `x${index}`,
    nonce: `x${index}`,
    text: `${index}`,
  }));
  const first = history.final.messages.length;
  const top = history.final.log.position;
  const final: FinalState = {
    ...history.final,
    messages: [...history.final.messages, ...rows.map((row, index) => ({ ...row, sequence: first + index + 1 }))],
    conversations: [{ id: 'conversation', agentId: 'agent', lastSequence: first + missed }, ...QUIET],
    events: [
      ...history.final.events,
      ...rows.map(({ id }, index) => ({ ...history.final.events[1]!, subjectId: id, position: top + index + 1 })),
    ],
    log: { ...history.final.log, position: top + missed },
    routerPosition: top + missed,
  };
  const ending: StreamEntry[] = [
    { kind: 'READY', recovered: false, after: `cursor ${top}`, cursor: 'later' },
    { kind: 'EVENT', key: `message x${missed - 1}`, cursor: 'latest' },
  ];
  const streams = history.streams
    .filter(({ name }) => name === 'vera')
    .map((stream) => ({ ...stream, entries: [...stream.entries, ...ending] }));
  return { ...history, final, streams };
};

/** One person was told of messages in one conversation, and was mailed each time. */
export function messagesTold(...times: readonly number[]): History {
  return withFinal(({ notifications, deliveries }) => {
    const told = times.map((leavesAt) => {
      const row = { ...notifications[0]!, id: `messages ${leavesAt}`, kind: 'MESSAGE_RECEIVED', leavesAt };
      return { row, mail: { ...deliveries[0]!, id: row.id, notificationId: row.id } };
    });
    return {
      notifications: [...notifications, ...told.map(({ row }) => row)],
      deliveries: [...deliveries, ...told.map(({ mail }) => mail)],
    };
  });
}
