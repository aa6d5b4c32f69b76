import type { NotificationChoice } from '../domain/notification/default-settings';
import { wants } from '../domain/notification/skip-reason';
import type { Alert } from './event-routes';

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
 * of them, to the one who has the conversation alone while somebody has it, and to nobody who is watching.
 */
export function recipientsOf(
  kind: Alert['kind'],
  conversation: { readonly operatorId: string | null; readonly watcherIds: ReadonlySet<string> },
  operators: readonly AlertOperator[],
): Recipient[] {
  const told = operators
    .filter(({ settings }) => wants(settings, kind))
    .map((operator) => ({ ...operator, isWatching: conversation.watcherIds.has(operator.userId) }));
  if (kind !== 'MESSAGE_RECEIVED') return told;
  const { operatorId } = conversation;
  return told.filter(({ userId, isWatching }) => !isWatching && (operatorId === null || userId === operatorId));
}
