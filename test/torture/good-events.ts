import type { EventRow } from '../../torture/history/final-state';
import { CLIMB, FILES_OF } from './good-extras';

/** What each event has unless it says otherwise. */
export const EVENT = {
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
  rung: null,
  version: null,
  files: [],
  at: 0,
};

const epoch = (controlEpoch: number): [string, string, Partial<EventRow>] => [
  'CONVERSATION_CHANGED',
  'conversation',
  { controlEpoch },
];
const said = (id: string): [string, string, Partial<EventRow>] => ['MESSAGE_ADDED', id, { files: FILES_OF[id] ?? [] }];
const handoff = (id: string, state: string, version: number): [string, string, Partial<EventRow>] => [
  'HANDOFF_CHANGED',
  id,
  { state, version },
];
const noted = (id: string): [string, string, Partial<EventRow>] => ['NOTE_ADDED', id, {}];

/** The log of the good history: name, subject, and what is special. */
export const EVENTS: readonly [string, string, Partial<EventRow>][] = [
  epoch(1),
  said('m1'),
  ['TURN_OPENED', 't1', {}],
  said('m2'),
  ...[said('m3'), handoff('h1', 'REQUESTED', 1), epoch(2)],
  said('m4'),
  ...[said('m5'), handoff('h1', 'ACCEPTED', 2), epoch(3)],
  said('m6'),
  ...[noted('n1'), noted('n2')],
  ...[said('m7'), handoff('h1', 'RETURNED', 3), epoch(4)],
  said('m8'),
  ...[said('m9'), handoff('h2', 'REQUESTED', 1), epoch(5)],
  ...[said('m10'), handoff('h2', 'UNANSWERED', 2), epoch(6)],
  ...[said('m11'), ['INQUIRY_CHANGED', 'inquiry', { state: 'OPEN' }] satisfies [string, string, Partial<EventRow>]],
  ...CLIMB,
];
