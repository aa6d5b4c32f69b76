import { type AttachedFile, gistOf } from '../domain/attachment/attached-file';
import type { EventName, LoggedEvent } from '../domain/events';
import type { ResponderKind } from '../domain/conversation/responder-kind';
import type { Rung } from '../domain/conversation/escalation';
import type { HandoffOrigin } from '../domain/conversation/states';
import type { AlertKind } from '../domain/notification/notification-kinds';
import type { Job } from '../jobs/jobs';
import type { Withdrawal } from './withdraw-alerts';

/** Somebody has to be told. Who, and in which words, is looked up when it is written. */
export interface Alert {
  readonly kind: AlertKind;
  /** The handoff, inquiry or message; of a transfer the hold that it began or ended, for a handoff has several of them. */
  readonly subjectId: string;
  readonly workspaceId: string;
  readonly organizationId: string | null;
  readonly agentId: string;
  readonly conversationId: string;
  /** The conversation's sequence up to which it tells: of a message its own. Null for what has none. */
  readonly sequence: number | null;
  readonly occurredAt: Date;
  /** Of a request: who is told of it by now. */
  readonly rung: Rung;
  readonly text: AlertText;
  /** Null: it comes from no operator. */
  readonly transfer: AlertTransfer | null;
}

/** Who hands a conversation on, to whom (null: to the team), and with which words. */
export interface AlertTransfer {
  readonly byId: string;
  readonly byName: string;
  readonly toUserId: string | null;
  readonly note: string | null;
}

/** What the event itself says; the rest of the words comes from the conversation. */
export interface AlertText {
  readonly origin: HandoffOrigin;
  readonly reason: string | null;
  readonly summary: string | null;
  /** Of an inquiry or a message. */
  readonly text: string;
  /** Under which name an inquiry was left. */
  readonly name: string | null;
}

/** What follows from one event. */
export interface Route {
  readonly alerts: readonly Alert[];
  readonly jobs: readonly Job[];
  /** Alerts that are not needed any more. */
  readonly withdrawals?: readonly Withdrawal[];
}

export interface RouteFacts {
  /** Of the event's agent, as it is now. */
  readonly responderKind: ResponderKind;
  readonly now: Date;
}

type Router = (event: LoggedEvent, facts: RouteFacts) => Route;

const NOTHING: Route = { alerts: [], jobs: [] };

/** Whose replies a worker writes. For API the runtime fetches its turns itself. */
const RUN_BY_WORKERS: Record<ResponderKind, boolean> = {
  NONE: false,
  SCRIPTED: true,
  OPENAI_COMPATIBLE: true,
  WEBHOOK: true,
  API: false,
};

/** Which jobs and notifications an event leads to. Streams need no route: they read the log themselves. */
export const EVENT_ROUTES: Record<EventName, Router> = {
  MESSAGE_ADDED: (event) => {
    const isVisitorsText = field(event, 'authorKind') === 'VISITOR' && field(event, 'kind') === 'TEXT';
    // A reply by mail, to an answer that was given before: for everybody who was told of the question.
    if (field(event, 'clientNonce')?.startsWith('mail:') === true && field(event, 'kind') === 'INQUIRY')
      return alerting(event, 'INQUIRY_SUBMITTED');
    return isVisitorsText ? alerting(event, 'MESSAGE_RECEIVED') : NOTHING;
  },
  HANDOFF_CHANGED: (event, { now }) => {
    const state = field(event, 'state');
    if (state === 'UNANSWERED') return { ...alerting(event, 'HANDOFF_UNANSWERED'), ...withdrawing(event, 'ENDED') };
    if (state === 'CANCELLED') return { ...NOTHING, ...withdrawing(event, 'ENDED') };
    if (state === 'ACCEPTED' && transferOf(event) !== null) return alerting(event, 'HANDOFF_TRANSFERRED');
    if (state === 'ACCEPTED') return { ...NOTHING, ...withdrawing(event, 'CLAIMED') };
    if (state !== 'REQUESTED') return NOTHING;
    const { alerts } = alerting(event, 'HANDOFF_REQUESTED');
    return {
      alerts: alerts.flatMap((alert) => rungsOf(event).map((rung) => ({ ...alert, rung }))),
      jobs: [...expireHandoff(event, now), ...climbLadder(event, now)],
    };
  },
  // Told once, when it is left. Later it is open because somebody was named to answer, or replied, which is a message.
  INQUIRY_CHANGED: (event) => {
    const createdAt = field(event, 'createdAt');
    const isNew = (field(event, 'lastMessageAt') ?? createdAt) === createdAt && field(event, 'assigneeId') === null;
    return field(event, 'state') === 'OPEN' && isNew ? alerting(event, 'INQUIRY_SUBMITTED') : NOTHING;
  },
  TURN_OPENED: (event, { responderKind }) =>
    RUN_BY_WORKERS[responderKind] ? { alerts: [], jobs: runTurn(event) } : NOTHING,
  DELIVERY_ADDED: (event, { now }) => ({ alerts: [], jobs: deliver(event, now) }),
  CONVERSATION_CHANGED: () => NOTHING,
  NOTE_ADDED: () => NOTHING,
  NOTE_REMOVED: () => NOTHING,
  NOTIFICATION_ADDED: () => NOTHING,
  NOTIFICATION_CHANGED: () => NOTHING,
  ACCESS_CHANGED: () => NOTHING,
  ACCESS_ENDED: () => NOTHING,
  CONVERSATION_ERASED: () => NOTHING,
  ERASED: () => NOTHING,
};

export function routeEvent(event: LoggedEvent, facts: RouteFacts): Route {
  // An event of a newer version, while two versions run side by side, is that version's business.
  const router = EVENT_ROUTES[event.name] as Router | undefined;
  return router === undefined ? NOTHING : router(event, facts);
}

export function isRunByWorkers(kind: ResponderKind): boolean {
  return RUN_BY_WORKERS[kind];
}

function alerting(event: LoggedEvent, kind: Alert['kind']): Route {
  const { workspaceId, organizationId, agentId, conversationId, occurredAt } = event;
  if (agentId === null || conversationId === null) return NOTHING;
  const transfer = transferOf(event);
  const subjectId = transfer?.holdId ?? event.subjectId;
  const origin = field(event, 'origin');
  const text: AlertText = {
    origin: origin === 'AI' || origin === 'OPERATOR' ? origin : 'VISITOR',
    reason: field(event, 'reason'),
    summary: field(event, 'summary'),
    text: gistOf(field(event, 'text') ?? '', filesOf(event)),
    name: field(event, 'name'),
  };
  const sequence = number(event, kind === 'MESSAGE_RECEIVED' ? 'sequence' : 'requestedSequence');
  const place = { workspaceId, organizationId, agentId, conversationId };
  return {
    alerts: [{ kind, subjectId, ...place, sequence, occurredAt, rung: 'EVERYONE', text, transfer }],
    jobs: [],
  };
}

/**
 * Who is told of a request by now; what was requested before there were ladders is for everybody. Rungs that are due
 * together are told by one event, the last of them: everybody hears of it who was not told before those named.
 */
function rungsOf(event: LoggedEvent): readonly Rung[] {
  const rung = field(event, 'rung');
  if (rung === 'FALLBACK') return ['EVERYONE', 'FALLBACK'];
  return [rung === 'ONLINE' ? rung : 'EVERYONE'];
}

function withdrawing(event: LoggedEvent, reason: Withdrawal['reason']): { withdrawals: Withdrawal[] } {
  const { subjectId: handoffId, conversationId, occurredAt } = event;
  if (conversationId === null) return { withdrawals: [] };
  return { withdrawals: [{ handoffId, conversationId, reason, occurredAt, operatorId: field(event, 'acceptedById') }] };
}

function deliver(event: LoggedEvent, now: Date): Job[] {
  const payload = { deliveryId: event.subjectId, workspaceId: event.workspaceId };
  const dueAt = Date.parse(field(event, 'dueAt') ?? '');
  return [{ name: 'deliver', payload, ...(dueAt > now.getTime() ? { delayMs: dueAt - now.getTime() } : {}) }];
}

function runTurn({ subjectId, workspaceId, conversationId }: LoggedEvent): Job[] {
  return conversationId === null
    ? []
    : [{ name: 'run-turn', payload: { turnId: subjectId, workspaceId, conversationId } }];
}

function expireHandoff(event: LoggedEvent, now: Date): Job[] {
  const { subjectId, workspaceId, conversationId } = event;
  const answerBy = Date.parse(field(event, 'answerBy') ?? '');
  if (conversationId === null || Number.isNaN(answerBy)) return [];
  const payload = { handoffId: subjectId, workspaceId, conversationId };
  // The alarm of the first deadline may still be in the queue, under the name that it had.
  const round = transferOf(event) === null ? {} : { round: Number(event.snapshot?.version) };
  return [{ name: 'expire-handoff', payload, delayMs: Math.max(0, answerBy - now.getTime()), ...round }];
}

/** Null: the event tells of no transfer. */
function transferOf({ snapshot }: LoggedEvent): (AlertTransfer & { readonly holdId: string | null }) | null {
  const transfer = snapshot?.transfer;
  if (typeof transfer !== 'object' || transfer === null) return null;
  const toUserId = typeof snapshot?.acceptedById === 'string' ? snapshot.acceptedById : null;
  return { ...(transfer as { byId: string; byName: string; note: string | null; holdId: string | null }), toUserId };
}

function climbLadder(event: LoggedEvent, now: Date): Job[] {
  const { subjectId, workspaceId, conversationId } = event;
  const nextAt = Date.parse(field(event, 'nextRungAt') ?? '');
  if (conversationId === null || Number.isNaN(nextAt)) return [];
  const payload = { handoffId: subjectId, workspaceId, conversationId };
  const delayMs = Math.max(0, nextAt - now.getTime());
  return [{ name: 'climb-ladder', payload, delayMs, round: number(event, 'version') ?? 0 }];
}

function filesOf({ snapshot }: LoggedEvent): readonly AttachedFile[] {
  const files = snapshot?.attachments;
  return Array.isArray(files) ? (files as readonly AttachedFile[]) : [];
}

/** A text of the snapshot; null for what is missing or no text. */
function field(event: LoggedEvent, name: string): string | null {
  const value = event.snapshot?.[name];
  return typeof value === 'string' ? value : null;
}

function number(event: LoggedEvent, name: string): number | null {
  const value = event.snapshot?.[name];
  return typeof value === 'number' ? value : null;
}
