import { EVENT_ROUTES, routeEvent, type RouteFacts } from '../../src/workers/event-routes';
import { jobId } from '../../src/jobs/jobs';
import type { EventName, LoggedEvent } from '../../src/domain/events';
import type { ResponderKind } from '../../src/domain/conversation/responder-kind';

const facts: RouteFacts = { responderKind: 'SCRIPTED', now: new Date('2026-01-01T12:00:00.000Z') };

function event(
  name: EventName,
  snapshot: LoggedEvent['snapshot'] = null,
  change: Partial<LoggedEvent> = {},
): LoggedEvent {
  return {
    position: 1,
    name,
    workspaceId: 'workspace',
    organizationId: 'organization',
    agentId: 'agent',
    conversationId: 'conversation',
    userId: null,
    subjectId: 'subject',
    snapshot,
    occurredAt: facts.now,
    ...change,
  };
}

function told(
  name: EventName,
  snapshot: LoggedEvent['snapshot'],
  change: Partial<RouteFacts> = {},
): { alerts: string[]; jobs: string[] } {
  const { alerts, jobs } = routeEvent(event(name, snapshot), { ...facts, ...change });
  return { alerts: alerts.map((alert) => alert.kind), jobs: jobs.map((job) => job.name) };
}

const nothing = { alerts: [], jobs: [] };

describe('event routes', () => {
  it('have a route for every name that an event can have', () => {
    const names = [
      'MESSAGE_ADDED',
      'CONVERSATION_CHANGED',
      'HANDOFF_CHANGED',
      'INQUIRY_CHANGED',
      'NOTE_ADDED',
      'NOTE_REMOVED',
      'TURN_OPENED',
      'NOTIFICATION_ADDED',
      'NOTIFICATION_CHANGED',
      'DELIVERY_ADDED',
      'ACCESS_CHANGED',
      'ACCESS_ENDED',
      'CONVERSATION_ERASED',
      'ERASED',
    ];
    // The type of the table is exhaustive; this says that nothing but the known names is in it.
    expect(Object.keys(EVENT_ROUTES).sort()).toEqual(names.sort());
  });

  it('ring once for an inquiry, when it is left, and for each reply to it by mail', () => {
    const left = { state: 'OPEN', createdAt: '2026-01-01T12:00:00.000Z', assigneeId: null };
    const rings = { alerts: ['INQUIRY_SUBMITTED'], jobs: [] };
    expect(told('INQUIRY_CHANGED', { ...left, lastMessageAt: left.createdAt })).toEqual(rings);
    // Of a version without inbox.
    expect(told('INQUIRY_CHANGED', { state: 'OPEN', createdAt: left.createdAt })).toEqual(rings);
    expect(told('INQUIRY_CHANGED', { ...left, lastMessageAt: left.createdAt, assigneeId: 'somebody' })).toEqual(
      nothing,
    );
    expect(told('INQUIRY_CHANGED', { ...left, lastMessageAt: '2026-01-02T12:00:00.000Z' })).toEqual(nothing);
    const message = { authorKind: 'VISITOR', kind: 'INQUIRY', clientNonce: null };
    expect(told('MESSAGE_ADDED', { ...message, clientNonce: 'mail:abc' })).toEqual(rings);
    expect(told('MESSAGE_ADDED', message)).toEqual(nothing);
  });

  it('lead nowhere from a name that a newer version writes', () => {
    expect(routeEvent({ ...event('MESSAGE_ADDED'), name: 'FROM_THE_FUTURE' as EventName }, facts)).toEqual(nothing);
  });

  it.each([
    ['VISITOR', 'TEXT', ['MESSAGE_RECEIVED']],
    ['VISITOR', 'INQUIRY', []],
    ['OPERATOR', 'TEXT', []],
    ['AI', 'TEXT', []],
    ['SYSTEM', 'HANDOFF_EVENT', []],
  ])('a message by %s of kind %s alerts %j', (authorKind, kind, alerts) => {
    expect(told('MESSAGE_ADDED', { authorKind, kind, text: 'x' })).toEqual({ alerts, jobs: [] });
  });

  it.each([
    ['REQUESTED', ['HANDOFF_REQUESTED'], ['expire-handoff']],
    ['UNANSWERED', ['HANDOFF_UNANSWERED'], []],
    ['ACCEPTED', [], []],
    ['RETURNED', [], []],
    ['RESOLVED', [], []],
    ['CANCELLED', [], []],
  ])('a handoff that became %s alerts %j and starts %j', (state, alerts, jobs) => {
    expect(told('HANDOFF_CHANGED', { state, answerBy: '2026-01-01T12:05:00.000Z' })).toEqual({ alerts, jobs });
  });

  it('of a transfer tells the operator who has it then, or the team, under a name of its own', () => {
    const transfer = { byId: 'ben', byName: 'Ben', note: 'Knows me', holdId: 'hold' };
    const toPerson = routeEvent(event('HANDOFF_CHANGED', { state: 'ACCEPTED', acceptedById: 'ada', transfer }), facts);
    expect(toPerson.alerts).toMatchObject([
      { kind: 'HANDOFF_TRANSFERRED', subjectId: 'hold', transfer: { byId: 'ben', toUserId: 'ada' } },
    ]);
    expect(toPerson.jobs).toEqual([]);
    const waiting = {
      state: 'REQUESTED',
      acceptedById: null,
      answerBy: '2026-01-01T12:05:00.000Z',
      version: 3,
      transfer,
    };
    const toTeam = routeEvent(event('HANDOFF_CHANGED', waiting), facts);
    expect(toTeam.alerts).toMatchObject([
      { kind: 'HANDOFF_REQUESTED', subjectId: 'hold', transfer: { byId: 'ben', toUserId: null } },
    ]);
    expect(toTeam.jobs.map(jobId)).toEqual(['handoff-subject-3']);
  });

  it('wakes for a deadline when it comes, and at once when it has passed', () => {
    const delayOf = (answerBy: string): number | undefined =>
      routeEvent(event('HANDOFF_CHANGED', { state: 'REQUESTED', answerBy }), facts).jobs[0]?.delayMs;
    expect(delayOf('2026-01-01T12:05:00.000Z')).toBe(300_000);
    expect(delayOf('2026-01-01T11:00:00.000Z')).toBe(0);
  });

  it.each([
    ['OPEN', ['INQUIRY_SUBMITTED']],
    ['ANSWERED', []],
    ['CLOSED', []],
  ])('an inquiry that became %s alerts %j', (state, alerts) => {
    expect(told('INQUIRY_CHANGED', { state })).toEqual({ alerts, jobs: [] });
  });

  it.each<[ResponderKind, string[]]>([
    ['NONE', []],
    ['API', []],
    ['SCRIPTED', ['run-turn']],
    ['OPENAI_COMPATIBLE', ['run-turn']],
    ['WEBHOOK', ['run-turn']],
  ])('a turn of an agent with responder %s starts %j', (responderKind, jobs) => {
    expect(told('TURN_OPENED', { state: 'OPEN' }, { responderKind })).toEqual({ alerts: [], jobs });
  });

  it('a delivery is sent', () => {
    expect(routeEvent(event('DELIVERY_ADDED'), facts).jobs).toEqual([
      { name: 'deliver', payload: { deliveryId: 'subject', workspaceId: 'workspace' } },
    ]);
  });

  it.each<EventName>(['CONVERSATION_CHANGED', 'NOTIFICATION_ADDED', 'NOTE_ADDED', 'NOTE_REMOVED'])(
    '%s is for streams alone',
    (name) => {
      expect(told(name, { id: 'x' })).toEqual(nothing);
    },
  );
});
