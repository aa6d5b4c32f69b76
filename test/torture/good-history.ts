import { pushTopic } from '../../src/delivery/push/push-payload';
import { eventKey } from '../../torture/history/event-key';
import { EVENT, EVENTS } from './good-events';
import { ATTACHMENTS, CLIMBED, FILES_OF, NOTES, RUNGS, TOLD_ON_RUNGS, UPLOADS } from './good-extras';
import type { DeliveryRow, EventRow, FinalState, MessageRow, NotificationRow } from '../../torture/history/final-state';
import type { History, StreamEntry, StreamRecord } from '../../torture/history/history';

/**
 * One conversation of each kind of moment: the visitor asks, the AI answers, a person is asked for, accepts, writes, hands
 * back, and the AI answers again; then a request that nobody answers, and one that climbs a ladder. There are notes and
 * files. Nothing in it breaks a promise.
 */
export function goodHistory(): History {
  const final = goodEnd();
  return {
    agents: [
      { id: 'agent', whileWaiting: 'AI_SILENT', fallbackUserIds: null },
      { id: 'laddered', whileWaiting: 'AI_SILENT', fallbackUserIds: ['cleo', 'olga'] },
    ],
    operators: [
      { userId: 'ada', name: 'Ada', agentIds: null, channels: ['EMAIL'], isStaff: false },
      { userId: 'ben', name: 'Ben', agentIds: ['agent'], channels: ['EMAIL', 'PUSH'], isStaff: false },
      { userId: 'cleo', name: 'Cleo', agentIds: ['laddered'], channels: ['EMAIL'], isStaff: false },
      { userId: 'eve', name: 'Eve', agentIds: ['another agent'], channels: ['EMAIL'], isStaff: false },
      { userId: 'olga', name: 'Olga', agentIds: ['laddered'], channels: ['EMAIL'], isStaff: true },
    ],
    sends: final.messages.flatMap(({ sequence, ...message }) => {
      const { id, conversationId, authorKind, authorId, nonce, text, files } = message;
      const outcome = { kind: 'ACKED', messageId: id, sequence } as const;
      return nonce === null ? [] : [{ conversationId, authorKind, authorId, nonce, text, files, outcome }];
    }),
    claims: [
      { handoffId: 'h1', operatorId: 'ada', at: 6_010 },
      { handoffId: 'h1', operatorId: 'ada', at: 6_500 },
    ],
    notes: NOTES.map(({ id, nonce, ...note }) => {
      return { ...note, nonce, outcome: { kind: 'ACKED', noteId: nonce === null ? null : id } };
    }),
    uploads: UPLOADS,
    downloads: Object.entries(FILES_OF).map(([messageId, files]) => {
      return { messageId, files: UPLOADS.filter(({ id }) => files.includes(id)) };
    }),
    sightings: [],
    streams: [
      streamOf('vera', 'CONVERSATION', 'conversation', final.events),
      streamOf('ada’s view', 'CONVERSATION', 'conversation', final.events, 14),
      streamOf('ada', 'ORGANIZATION', 'organization', final.events),
      streamOf('olga', 'WORKSPACE', 'workspace', final.events),
      streamOf('ben', 'HANDOFFS', 'organization', final.events),
    ],
    mails: final.deliveries.flatMap(({ channel, messageId }) =>
      channel === 'EMAIL' ? [{ id: messageId, endpoint: null, at: 5_000 }] : [],
    ),
    pushes: [
      { id: topicOf('h1'), endpoint: 'browser', at: 5_000 },
      { id: topicOf('h2'), endpoint: 'browser', at: 6_000 },
    ],
    faults: [{ kind: 'kill-worker', target: 'worker-1', hitsWorkers: true, from: 30_000, to: 31_000 }],
    final,
  };
}

function goodEnd(): FinalState {
  const messages = MESSAGES.map(([id, kind, authorKind, authorId, text, handoffId], index): MessageRow => {
    const nonce = kind === 'TEXT' ? `nonce of ${id}` : null;
    return {
      id,
      conversationId: 'conversation',
      sequence: index + 1,
      kind,
      authorKind,
      authorId,
      text,
      nonce,
      handoffId,
      files: FILES_OF[id] ?? [],
    };
  });
  const toldAtOnce = OCCASIONS.flatMap(([kind, subjectId]) =>
    ['ada', 'ben'].map((userId) => ({ id: `${kind} ${subjectId} ${userId}`, userId, kind, subjectId, ...AT_ONCE })),
  );
  const notifications: NotificationRow[] = [...toldAtOnce, ...TOLD_ON_RUNGS];
  return {
    at: 100_000,
    conversations: [
      { id: 'conversation', agentId: 'agent', lastSequence: messages.length },
      { id: 'quiet', agentId: 'laddered', lastSequence: 0 },
    ],
    messages,
    handoffs: [
      { ...HANDOFF, id: 'h1', state: 'RETURNED', acceptedById: 'ada', endedAt: 10_000 },
      { ...HANDOFF, id: 'h2', state: 'UNANSWERED', acceptedById: null, endedAt: 40_001 },
      { ...CLIMBED, nextRungAt: null },
    ],
    holds: [{ id: 'hold', handoffId: 'h1', userId: 'ada', origin: 'ACCEPTED', beganAt: 6_000, endedAt: 10_000 }],
    turns: [
      { id: 't1', conversationId: 'conversation', state: 'ANSWERED' },
      { id: 't2', conversationId: 'conversation', state: 'FENCED' },
    ],
    inquiries: [{ id: 'inquiry', agentId: 'agent' }],
    notifications,
    deliveries: notifications.flatMap(({ id, userId }) => [
      deliveryOf(id, 'EMAIL'),
      ...(userId === 'ben' ? [{ ...deliveryOf(id, 'PUSH'), ...(id.includes('INQUIRY') ? SEEN : {}) }] : []),
    ]),
    pushSubscriptions: [{ id: 'subscription', endpoint: 'browser' }],
    events: EVENTS.map(([name, subjectId, more], index) => ({
      ...EVENT,
      name,
      subjectId,
      position: index + 4,
      ...more,
    })),
    notes: NOTES,
    rungs: RUNGS,
    attachments: ATTACHMENTS,
    log: { position: EVENTS.length + 3, prunedPosition: 3 },
    routerPosition: EVENTS.length + 3,
    outboxRows: 0,
  };
}

type Message = readonly [
  id: string,
  kind: MessageRow['kind'],
  authorKind: MessageRow['authorKind'],
  authorId: string | null,
  text: string,
  handoffId: string | null,
];

const MESSAGES: readonly Message[] = [
  ['m1', 'TEXT', 'VISITOR', null, 'Hello?', null],
  ['m2', 'TEXT', 'AI', null, 'Hello!', null],
  ['m3', 'HANDOFF_EVENT', 'SYSTEM', null, '[requested]', 'h1'],
  ['m4', 'TEXT', 'VISITOR', null, 'I am waiting.', null],
  ['m5', 'HANDOFF_EVENT', 'SYSTEM', null, '[accepted] Ada', 'h1'],
  ['m6', 'TEXT', 'OPERATOR', 'ada', 'I am Ada.', null],
  ['m7', 'HANDOFF_EVENT', 'SYSTEM', null, '[returned]', 'h1'],
  ['m8', 'TEXT', 'AI', null, 'I am back.', null],
  ['m9', 'HANDOFF_EVENT', 'SYSTEM', null, '[requested]', 'h2'],
  ['m10', 'HANDOFF_EVENT', 'SYSTEM', null, '[unanswered]', 'h2'],
  ['m11', 'INQUIRY', 'VISITOR', null, 'Write to me.', null],
];

const OCCASIONS = [
  ['HANDOFF_REQUESTED', 'h1'],
  ['HANDOFF_REQUESTED', 'h2'],
  ['HANDOFF_UNANSWERED', 'h2'],
  ['INQUIRY_SUBMITTED', 'inquiry'],
] as const;

const HANDOFF = { conversationId: 'conversation', agentId: 'agent', answerBy: 40_000, nextRungAt: null };
const AT_ONCE = { leavesAt: 0, windowStart: 0 };

const SEEN = { state: 'SKIPPED', detail: 'SEEN', sentAt: null } as const;

/** Under which a browser is told of this request. */
export function topicOf(handoffId: string): string {
  return pushTopic(`HANDOFF_REQUESTED:${handoffId}`);
}

function deliveryOf(notificationId: string, channel: 'EMAIL' | 'PUSH'): DeliveryRow {
  const isPush = channel === 'PUSH';
  // Ben's browser was told of the two requests; the rest was seen by then.
  const isSkipped = isPush && notificationId.includes('UNANSWERED');
  return {
    id: `${channel} ${notificationId}`,
    notificationId,
    channel,
    pushSubscriptionId: isPush ? 'subscription' : null,
    state: isSkipped ? 'SKIPPED' : 'SENT',
    attempts: 1,
    detail: isSkipped ? 'SEEN' : null,
    sentAt: isSkipped ? null : 6_010,
    messageId: `<${notificationId}>`,
  };
}

/** Without a fault: it began where the scope began, was cut once in the middle, and resumed exactly. */
function streamOf(
  name: string,
  kind: StreamRecord['kind'],
  scopeId: string,
  events: readonly EventRow[],
  fromPosition: number | null = null,
): StreamRecord {
  const readsNotes = kind !== 'CONVERSATION' || fromPosition !== null;
  const names =
    kind === 'HANDOFFS'
      ? ['HANDOFF_CHANGED']
      : [
          'MESSAGE_ADDED',
          'CONVERSATION_CHANGED',
          'HANDOFF_CHANGED',
          ...(readsNotes ? ['NOTE_ADDED'] : []),
          ...(kind === 'CONVERSATION' ? [] : ['INQUIRY_CHANGED']),
        ];
  const entries = events
    .filter((event) => names.includes(event.name) && event.position > (fromPosition ?? 0))
    .filter((event) => kind !== 'CONVERSATION' || event.conversationId === scopeId)
    .map((event): StreamEntry => ({ kind: 'EVENT', key: eventKey(event), cursor: `cursor ${event.position}` }));
  const middle = Math.floor(entries.length / 2);
  const ready = (after: string): StreamEntry => ({ kind: 'READY', recovered: true, after, cursor: after });
  return {
    name,
    kind,
    scopeId,
    agentIds: null,
    readsNotes,
    fromPosition,
    entries: [
      ready('begin'),
      ...entries.slice(0, middle),
      ready(entries[middle - 1]?.cursor ?? 'begin'),
      ...entries.slice(middle),
    ],
  };
}
