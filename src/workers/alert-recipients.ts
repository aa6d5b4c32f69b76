import type { NotificationChoice } from '../domain/notification/default-settings';
import { wants } from '../domain/notification/skip-reason';
import type { AlertTransfer } from './event-routes';
import type { AlertKind } from '../domain/notification/notification-kinds';

/** Somebody who may handle the agent, with what they have chosen. */
export interface AlertOperator {
  readonly userId: string;
  readonly settings: NotificationChoice;
}

/** Somebody who gets an entry under the bell. */
export interface Recipient extends AlertOperator {
  /** Looks at the conversation right now: the entry is seen already and nothing leaves the server. */
  readonly isWatching: boolean;
}

/**
 * Who is told. Requests and inquiries go to everybody who may handle the agent. Messages go to those who asked for all
 * of them, to the one who has the conversation alone while somebody has it, and to nobody who is watching. A transfer goes
 * to the operator who has the conversation then, or to the team, and never to whoever made it.
 */
export function recipientsOf(
  kind: AlertKind,
  conversation: { readonly operatorId: string | null; readonly watcherIds: ReadonlySet<string> },
  operators: readonly AlertOperator[],
  transfer: AlertTransfer | null,
): Recipient[] {
  const told = operators
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
