import type { AnnouncementTexts } from './handoff-settings';
import type { Controller, ConversationStatus, HandoffState } from './states';

/** Where a conversation stands: derived from its row, never stored. */
export type Phase = 'IDLE' | 'REQUESTED' | 'ACCEPTED' | 'CLOSED';

export const PHASES: readonly Phase[] = ['IDLE', 'REQUESTED', 'ACCEPTED', 'CLOSED'];

export type ControlCommand =
  | 'requestHandoff'
  | 'acceptHandoff'
  | 'cancelHandoff'
  | 'expireHandoff'
  | 'takeOverConversation'
  | 'transferToOperator'
  | 'transferToTeam'
  | 'handBackToAi'
  | 'closeConversation'
  | 'visitorWrites';

/** What a command makes of a conversation. Every transition raises `control_epoch` by one. */
export interface Transition {
  readonly status: ConversationStatus;
  /** WAITING: NONE or AI, as the agent's `whileWaiting` says. */
  readonly controller: Controller | 'WAITING';
  /** State of the handoff afterwards; null: no handoff is touched. */
  readonly handoffState: HandoffState | null;
  /** Which text tells the visitor; null: the visitor did it and knows. */
  readonly announcement: keyof AnnouncementTexts | 'closed' | null;
}

const ACCEPTED: Transition = {
  status: 'OPEN',
  controller: 'HUMAN',
  handoffState: 'ACCEPTED',
  announcement: 'accepted',
};

/**
 * The state machine of a handoff, as data. A missing cell is INVALID_TRANSITION, except that a visitor may always write:
 * only in a closed conversation does that change anything.
 */
export const TRANSITIONS = {
  IDLE: {
    requestHandoff: { status: 'OPEN', controller: 'WAITING', handoffState: 'REQUESTED', announcement: 'requested' },
    takeOverConversation: ACCEPTED,
    closeConversation: { status: 'CLOSED', controller: 'NONE', handoffState: null, announcement: 'closed' },
  },
  REQUESTED: {
    acceptHandoff: ACCEPTED,
    takeOverConversation: ACCEPTED,
    cancelHandoff: { status: 'OPEN', controller: 'AI', handoffState: 'CANCELLED', announcement: 'cancelled' },
    expireHandoff: { status: 'OPEN', controller: 'AI', handoffState: 'UNANSWERED', announcement: 'unanswered' },
  },
  ACCEPTED: {
    // From hand to hand: no moment in between in which the AI could speak.
    transferToOperator: ACCEPTED,
    // NONE whatever the agent's `whileWaiting` says: the visitor was with a person, and is not put off with the AI.
    transferToTeam: { status: 'OPEN', controller: 'NONE', handoffState: 'REQUESTED', announcement: 'requested' },
    handBackToAi: { status: 'OPEN', controller: 'AI', handoffState: 'RETURNED', announcement: 'returned' },
    closeConversation: { status: 'CLOSED', controller: 'NONE', handoffState: 'RESOLVED', announcement: 'closed' },
  },
  CLOSED: {
    visitorWrites: { status: 'OPEN', controller: 'AI', handoffState: null, announcement: null },
  },
} as const satisfies Record<Phase, Partial<Record<ControlCommand, Transition>>>;

export function transitionFor(phase: Phase, command: ControlCommand): Transition | null {
  const row: Partial<Record<ControlCommand, Transition>> = TRANSITIONS[phase];
  return row[command] ?? null;
}

export function phaseOf(conversation: { status: ConversationStatus; handoffState: HandoffState | null }): Phase {
  if (conversation.status === 'CLOSED') return 'CLOSED';
  if (conversation.handoffState === 'REQUESTED' || conversation.handoffState === 'ACCEPTED') {
    return conversation.handoffState;
  }
  return 'IDLE';
}
