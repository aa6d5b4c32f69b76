/** What happens within these seconds in a conversation is one thing: its beginning, its first message, its request. */
export const TOGETHER_MS = 3000;

/** How long a conversation's messages are gathered after somebody was told of one, unless its organization says. */
export const DEFAULT_ALERT_INTERVAL_SECONDS = 60;

/** Of a notification that is told once, and by itself. */
export const TOLD_ALONE = { windowStart: new Date(0), count: 1, throughSequence: null } as const;

/** An entry that one person has about a conversation already. */
export interface ToldBefore {
  readonly kind: 'MESSAGE_RECEIVED' | 'HANDOFF_REQUESTED';
  /** When it left, or is going to. */
  readonly leavesAt: Date;
  /** Everything up to here is told with it. */
  readonly throughSequence: number;
  /** Nothing of it has left: it can still say more. */
  readonly isOpen: boolean;
}

export type Fold<Entry> =
  | { readonly as: 'TOLD' }
  | { readonly as: 'PART'; readonly of: Entry }
  | { readonly as: 'ENTRY'; readonly leavesAt: Date };

/**
 * What becomes of one message for one person: the first of a burst leaves at once, and what follows is gathered into one
 * entry an interval. What follows a request within seconds is part of the request; the first words of a new
 * conversation wait as long, for a request that may follow them.
 *
 * @param before what that person was told of this conversation: the newest entry of each kind
 */
export function foldMessage<Entry extends ToldBefore>(
  message: { readonly sequence: number; readonly isNewConversation: boolean; readonly hasOperator: boolean },
  before: readonly Entry[],
  now: Date,
  intervalMs: number,
): Fold<Entry> {
  if (before.some(({ throughSequence }) => message.sequence <= throughSequence)) return { as: 'TOLD' };
  const open = before.find(({ kind, isOpen }) => kind === 'MESSAGE_RECEIVED' && isOpen);
  if (open !== undefined) return { as: 'PART', of: open };
  // Who has accepted was told of the request, and not of what the visitor says to them now.
  const recent = message.hasOperator ? before.filter(({ kind }) => kind === 'MESSAGE_RECEIVED') : before;
  const age = ({ leavesAt }: ToldBefore): number => now.getTime() - leavesAt.getTime();
  const request = recent.find((entry) => entry.kind === 'HANDOFF_REQUESTED' && age(entry) < TOGETHER_MS);
  if (request !== undefined) return { as: 'PART', of: request };
  const free = Math.max(now.getTime(), ...recent.map(({ leavesAt }) => leavesAt.getTime() + intervalMs));
  const isFirst = before.length === 0 && message.isNewConversation;
  return { as: 'ENTRY', leavesAt: new Date(isFirst ? free + TOGETHER_MS : free) };
}
