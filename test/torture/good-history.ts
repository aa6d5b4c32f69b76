import { eventKey } from '../../torture/history/event-key';
import type {
  DeliveryRow,
  EventRow,
  FinalState,
  History,
  MessageRow,
  StreamEntry,
  StreamRecord,
} from '../../torture/history/history';

/**
 * One conversation of each kind of moment: the visitor asks, the AI answers, a person is asked for, accepts, writes, hands
 * back, and the AI answers again; then a request that nobody answers. Nothing in it breaks a promise.
 */
export function goodHistory(): History {
  const final = goodEnd();
  return {
    agents: [{ id: 'agent', whileWaiting: 'AI_SILENT' }],
    operators: [
      { userId: 'ada', name: 'Ada', agentIds: null, channels: ['EMAIL'] },
      { userId: 'ben', name: 'Ben', agentIds: ['agent'], channels: ['EMAIL', 'PUSH'] },
      { userId: 'eve', name: 'Eve', agentIds: ['another agent'], channels: ['EMAIL'] },
    ],
    sends: final.messages.flatMap(({ id, conversationId, authorKind, authorId, nonce, text, sequence }) => {
      const outcome = { kind: 'ACKED', messageId: id, sequence } as const;
      return nonce === null ? [] : [{ conversationId, authorKind, authorId, nonce, text, outcome }];
    }),
    claims: [
      { handoffId: 'h1', operatorId: 'ada' },
      { handoffId: 'h1', operatorId: 'ada' },
    ],
    streams: [
      streamOf('vera', 'CONVERSATION', 'conversation', final.events),
      streamOf('ada', 'ORGANIZATION', 'organization', final.events),
      streamOf('olga', 'WORKSPACE', 'workspace', final.events),
      streamOf('ben', 'HANDOFFS', 'organization', final.events),
    ],
    mails: final.deliveries.flatMap(({ channel, messageId }) =>
      channel === 'EMAIL' ? [{ id: messageId, endpoint: null, at: 5_000 }] : [],
    ),
    pushes: [
      { id: 'topic 1', endpoint: 'browser', at: 5_000 },
      { id: 'topic 2', endpoint: 'browser', at: 6_000 },
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
    };
  });
  const notifications = OCCASIONS.flatMap(([kind, subjectId]) =>
    ['ada', 'ben'].map((userId) => ({ id: `${kind} ${subjectId} ${userId}`, userId, kind, subjectId, leavesAt: 0 })),
  );
  return {
    at: 100_000,
    conversations: [{ id: 'conversation', agentId: 'agent', lastSequence: messages.length }],
    messages,
    handoffs: [
      { ...HANDOFF, id: 'h1', state: 'RETURNED', acceptedById: 'ada', endedAt: 10_000 },
      { ...HANDOFF, id: 'h2', state: 'UNANSWERED', acceptedById: null, endedAt: 40_001 },
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

const HANDOFF = { conversationId: 'conversation', agentId: 'agent', answerBy: 40_000 };

const EVENT = {
  workspaceId: 'workspace',
  organizationId: 'organization',
  agentId: 'agent',
  conversationId: 'conversation',
  state: null,
  controlEpoch: null,
  since: null,
  acceptedById: null,
  transferredById: null,
  transferHoldId: null,
};

const epoch = (controlEpoch: number): [string, string, Partial<EventRow>] => [
  'CONVERSATION_CHANGED',
  'conversation',
  { controlEpoch },
];
const said = (id: string): [string, string, Partial<EventRow>] => ['MESSAGE_ADDED', id, {}];
const handoff = (id: string, state: string): [string, string, Partial<EventRow>] => ['HANDOFF_CHANGED', id, { state }];

const EVENTS: readonly [string, string, Partial<EventRow>][] = [
  epoch(1),
  said('m1'),
  ['TURN_OPENED', 't1', {}],
  said('m2'),
  ...[said('m3'), handoff('h1', 'REQUESTED'), epoch(2)],
  said('m4'),
  ...[said('m5'), handoff('h1', 'ACCEPTED'), epoch(3)],
  said('m6'),
  ...[said('m7'), handoff('h1', 'RETURNED'), epoch(4)],
  said('m8'),
  ...[said('m9'), handoff('h2', 'REQUESTED'), epoch(5)],
  ...[said('m10'), handoff('h2', 'UNANSWERED'), epoch(6)],
  ...[said('m11'), ['INQUIRY_CHANGED', 'inquiry', { state: 'OPEN' }] satisfies [string, string, Partial<EventRow>]],
];

const SEEN = { state: 'SKIPPED', detail: 'SEEN' } as const;

function deliveryOf(notificationId: string, channel: 'EMAIL' | 'PUSH'): DeliveryRow {
  const isPush = channel === 'PUSH';
  // The two requests of Ben's browser collapse into what counts: topic 1 and topic 2; the others were claimed by then.
  const isSkipped = isPush && notificationId.includes('UNANSWERED');
  return {
    id: `${channel} ${notificationId}`,
    notificationId,
    channel,
    pushSubscriptionId: isPush ? 'subscription' : null,
    state: isSkipped ? 'SKIPPED' : 'SENT',
    attempts: 1,
    detail: isSkipped ? 'SEEN' : null,
    messageId: `<${notificationId}>`,
  };
}

/** Without a fault: it began where the scope began, was cut once in the middle, and resumed exactly. */
function streamOf(
  name: string,
  kind: StreamRecord['kind'],
  scopeId: string,
  events: readonly EventRow[],
): StreamRecord {
  const names =
    kind === 'HANDOFFS'
      ? ['HANDOFF_CHANGED']
      : [
          'MESSAGE_ADDED',
          'CONVERSATION_CHANGED',
          'HANDOFF_CHANGED',
          ...(kind === 'CONVERSATION' ? [] : ['INQUIRY_CHANGED']),
        ];
  const entries = events
    .filter((event) => names.includes(event.name))
    .map((event): StreamEntry => ({ kind: 'EVENT', key: eventKey(event), cursor: `cursor ${event.position}` }));
  const middle = Math.floor(entries.length / 2);
  const ready = (after: string): StreamEntry => ({ kind: 'READY', recovered: true, after, cursor: after });
  return {
    name,
    kind,
    scopeId,
    agentIds: null,
    entries: [
      ready('begin'),
      ...entries.slice(0, middle),
      ready(entries[middle - 1]?.cursor ?? 'begin'),
      ...entries.slice(middle),
    ],
  };
}
