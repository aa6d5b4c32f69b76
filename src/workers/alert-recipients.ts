import type { Rung } from '../domain/conversation/escalation';
import type { NotificationChoice } from '../domain/notification/default-settings';
import { wants } from '../domain/notification/skip-reason';
import type { ResolvedHandoff } from '../domain/settings-layers';
import type { Alert, AlertTransfer } from './event-routes';

/** Somebody who may handle the agent, with what they want to be told. */
export interface AlertOperator {
  readonly userId: string;
  readonly settings: NotificationChoice;
  /** For how long messages are gathered for this person; null: as for everybody else. */
  readonly ownIntervalSeconds: number | null;
  /** Of the workspace, not of the organization. */
  readonly isStaff: boolean;
  readonly isOnline: boolean;
}

/** Somebody who gets an entry under the bell. */
export interface Recipient extends AlertOperator {
  /** Looks at the conversation right now: the entry is seen already and nothing leaves the server. */
  readonly isWatching: boolean;
}

/**
 * Who is told. Requests and inquiries go to everybody who may handle the agent, requests by the ladder of an agent or
 * organization that has one. Messages go to those who asked for all of them, to the one who has the conversation alone
 * while somebody has it, and to nobody who is watching. A transfer goes to the operator who has the conversation then, or
 * to the team, and never to whoever made it.
 */
export function recipientsOf(
  { kind, rung, transfer }: Pick<Alert, 'kind' | 'rung' | 'transfer'>,
  conversation: {
    readonly operatorId: string | null;
    readonly watcherIds: ReadonlySet<string>;
    readonly handoff: Pick<ResolvedHandoff, 'escalation'>;
  },
  operators: readonly AlertOperator[],
): Recipient[] {
  const isRequest = kind === 'HANDOFF_REQUESTED' || kind === 'HANDOFF_UNANSWERED';
  const asked = isRequest
    ? onRung(kind === 'HANDOFF_REQUESTED' ? rung : 'EVERYONE', conversation.handoff, operators)
    : operators;
  const told = asked
    .filter(({ userId, settings }) => wants(settings, kind) && isMeant(userId, transfer))
    .map((operator) => ({ ...operator, isWatching: conversation.watcherIds.has(operator.userId) }));
  if (kind !== 'MESSAGE_RECEIVED') return told;
  const { operatorId } = conversation;
  return told.filter(({ userId, isWatching }) => !isWatching && (operatorId === null || userId === operatorId));
}

function isMeant(userId: string, transfer: AlertTransfer | null): boolean {
  if (transfer === null) return true;
  return userId !== transfer.byId && (transfer.toUserId === null || userId === transfer.toUserId);
}

/** With a ladder, an organization answers by itself: staff are told where they are named, or nobody else is there. */
function onRung(
  rung: Rung,
  { escalation: { value: escalation } }: Pick<ResolvedHandoff, 'escalation'>,
  operators: readonly AlertOperator[],
): readonly AlertOperator[] {
  if (escalation === null) return operators;
  const isNamed = ({ userId }: AlertOperator): boolean => escalation.fallbackUserIds.includes(userId);
  if (rung === 'FALLBACK') return operators.filter(isNamed);
  const members = operators.filter(({ isStaff }) => !isStaff);
  const own = members.length === 0 ? operators : members;
  return rung === 'ONLINE' ? own.filter(({ isOnline }) => isOnline) : own;
}
