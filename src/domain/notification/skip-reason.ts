import type { HandoffState } from '../conversation/states';
import type { NotificationChoice } from './default-settings';
import type { NotificationChannel, NotificationKind } from './notification-kinds';

export type SkipReason = 'ACCESS_LOST' | 'CHANNEL_OFF' | 'SEEN' | 'WATCHING' | 'CLAIMED' | 'ENDED';

/** Everything that decides, read at the moment of sending: minutes may have passed since the notification was written. */
export interface AlertFacts {
  readonly kind: NotificationKind;
  readonly channel: NotificationChannel;
  /** Enabled, and still one who may handle the agent. */
  readonly isOperator: boolean;
  readonly settings: NotificationChoice;
  /** Under the bell, or in the conversation itself: whoever writes there has read it. */
  readonly isSeen: boolean;
  /** Has the conversation: what a HANDOFF_TRANSFERRED tells. */
  readonly isTheOperator: boolean;
  /** Looks at the conversation right now. */
  readonly isWatching: boolean;
  /** Of a message: somebody else has the conversation by now. */
  readonly isClaimed: boolean;
  /** Of the handoff that a HANDOFF_REQUESTED is about; null for every other kind. */
  readonly handoffState: HandoffState | null;
}

/** Why this alert need not leave any more; null: it has to. The first reason that holds, in this order. */
export function skipReason(facts: AlertFacts): SkipReason | null {
  if (!facts.isOperator) return 'ACCESS_LOST';
  if (!wants(facts.settings, facts.kind) || !facts.settings.channels.includes(facts.channel)) return 'CHANNEL_OFF';
  const isRequest = facts.kind === 'HANDOFF_REQUESTED' && facts.handoffState !== null;
  const ending = isRequest ? ENDINGS[facts.handoffState] : null;
  if (ending !== null) return ending;
  if (facts.kind === 'MESSAGE_RECEIVED' && facts.isClaimed) return 'CLAIMED';
  if (facts.isSeen) return 'SEEN';
  if (facts.kind === 'HANDOFF_TRANSFERRED' && !facts.isTheOperator) return 'ENDED';
  return facts.isWatching ? 'WATCHING' : null;
}

/** Requests and inquiries always; each single message only for those who asked for it. */
export function wants(settings: NotificationChoice, kind: NotificationKind): boolean {
  return kind !== 'MESSAGE_RECEIVED' || settings.events === 'ALL_MESSAGES';
}

const ENDINGS: Record<HandoffState, SkipReason | null> = {
  REQUESTED: null,
  ACCEPTED: 'CLAIMED',
  RETURNED: 'CLAIMED',
  RESOLVED: 'CLAIMED',
  UNANSWERED: 'ENDED',
  CANCELLED: 'ENDED',
};
