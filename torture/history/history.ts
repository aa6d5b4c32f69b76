/**
 * What a run leaves behind: what clients recorded, what the sinks got, which faults were injected, and what the database holds
 * at the end. Ids are UUIDs, times are milliseconds since the epoch. Plain data: the checker reads it and nothing else.
 */
export interface History {
  readonly agents: readonly AgentRecord[];
  readonly operators: readonly OperatorRecord[];
  readonly sends: readonly SendRecord[];
  readonly claims: readonly ClaimRecord[];
  readonly streams: readonly StreamRecord[];
  readonly mails: readonly ArrivalRecord[];
  readonly pushes: readonly ArrivalRecord[];
  readonly faults: readonly FaultRecord[];
  readonly final: FinalState;
}

export type WhileWaiting = 'AI_SILENT' | 'AI_ANSWERS';

export interface AgentRecord {
  readonly id: string;
  readonly whileWaiting: WhileWaiting;
}

/** Somebody who may handle conversations, with what they chose to be told by. */
export interface OperatorRecord {
  readonly userId: string;
  /** As announcements say it. */
  readonly name: string;
  /** Null: every agent. */
  readonly agentIds: readonly string[] | null;
  readonly channels: readonly ('EMAIL' | 'PUSH')[];
}

export type AuthorKind = 'VISITOR' | 'AI' | 'OPERATOR' | 'SYSTEM';

/** One message that a client wanted to send, with all of its retries: they carry the same nonce. */
export interface SendRecord {
  readonly conversationId: string;
  readonly authorKind: AuthorKind;
  /** Of an operator; null for everybody else. */
  readonly authorId: string | null;
  readonly nonce: string;
  readonly text: string;
  readonly outcome: SendOutcome;
}

export type SendOutcome =
  | { readonly kind: 'ACKED'; readonly messageId: string; readonly sequence: number }
  | { readonly kind: 'REFUSED'; readonly codes: readonly string[] }
  /** Nobody answered: it may be in the database, or not. */
  | { readonly kind: 'UNKNOWN' };

/** An acceptHandoff or takeOverConversation that was answered with success. */
export interface ClaimRecord {
  readonly handoffId: string;
  readonly operatorId: string;
}

export type StreamKind = 'CONVERSATION' | 'ORGANIZATION' | 'WORKSPACE' | 'HANDOFFS';

/** Everything that one subscriber got, over all its connections. */
export interface StreamRecord {
  readonly name: string;
  readonly kind: StreamKind;
  /** The conversation, organization or workspace. */
  readonly scopeId: string;
  /** Of a member that is limited to some agents: nothing of the others concerns it. */
  readonly agentIds: readonly string[] | null;
  readonly entries: readonly StreamEntry[];
}

export type StreamEntry =
  | { readonly kind: 'READY'; readonly recovered: boolean; readonly after: string | null; readonly cursor: string }
  /** `key` names the event as `eventKey` does for a row of the log. */
  | { readonly kind: 'EVENT'; readonly key: string; readonly cursor: string };

/** A mail or push that reached its sink: its Message-ID, or its endpoint and topic. */
export interface ArrivalRecord {
  readonly id: string;
  /** The endpoint that it was sent to; null for a mail. */
  readonly endpoint: string | null;
  readonly at: number;
}

export interface FaultRecord {
  readonly kind: string;
  readonly target: string;
  /** It can make a worker forget what it has just sent: the worker itself, or its way to the database, is hit. */
  readonly hitsWorkers: boolean;
  readonly from: number;
  readonly to: number;
}

/** The tables at the end, read past every wall. */
export interface FinalState {
  readonly at: number;
  readonly conversations: readonly ConversationRow[];
  readonly messages: readonly MessageRow[];
  readonly handoffs: readonly HandoffRow[];
  readonly holds: readonly HoldRow[];
  readonly turns: readonly TurnRow[];
  readonly inquiries: readonly InquiryRow[];
  readonly notifications: readonly NotificationRow[];
  readonly deliveries: readonly DeliveryRow[];
  readonly pushSubscriptions: readonly PushSubscriptionRow[];
  /** In the order of their positions. */
  readonly events: readonly EventRow[];
  readonly log: { readonly position: number; readonly prunedPosition: number };
  readonly routerPosition: number;
  readonly outboxRows: number;
}

export interface ConversationRow {
  readonly id: string;
  readonly agentId: string;
  readonly lastSequence: number;
}

export interface MessageRow {
  readonly id: string;
  readonly conversationId: string;
  readonly sequence: number;
  readonly kind: 'TEXT' | 'HANDOFF_EVENT' | 'INQUIRY';
  readonly authorKind: AuthorKind;
  readonly authorId: string | null;
  readonly text: string;
  readonly nonce: string | null;
  readonly handoffId: string | null;
}

export type HandoffState = 'REQUESTED' | 'ACCEPTED' | 'RETURNED' | 'RESOLVED' | 'UNANSWERED' | 'CANCELLED';

export interface HandoffRow {
  readonly id: string;
  readonly conversationId: string;
  readonly agentId: string;
  readonly state: HandoffState;
  readonly answerBy: number | null;
  readonly endedAt: number | null;
  readonly acceptedById: string | null;
}

/** That one operator had a handoff, from then until then. */
export interface HoldRow {
  readonly id: string;
  readonly handoffId: string;
  readonly userId: string;
  readonly origin: 'ACCEPTED' | 'TAKEN_OVER' | 'TRANSFERRED';
  readonly beganAt: number;
  readonly endedAt: number | null;
}

export interface TurnRow {
  readonly id: string;
  readonly conversationId: string;
  readonly state: string;
}

export interface InquiryRow {
  readonly id: string;
  readonly agentId: string;
}

export interface NotificationRow {
  readonly id: string;
  readonly userId: string;
  readonly kind: string;
  readonly subjectId: string;
  /** When it left, or was going to: what was gathered waits for the end of its interval. */
  readonly leavesAt: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly notificationId: string | null;
  readonly channel: 'EMAIL' | 'PUSH';
  readonly pushSubscriptionId: string | null;
  readonly state: 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
  readonly attempts: number;
  readonly detail: string | null;
  /** Under which its mail arrives. */
  readonly messageId: string;
}

export interface PushSubscriptionRow {
  readonly id: string;
  readonly endpoint: string;
}

export interface EventRow {
  readonly position: number;
  readonly name: string;
  readonly workspaceId: string;
  readonly organizationId: string | null;
  readonly agentId: string | null;
  readonly conversationId: string | null;
  readonly subjectId: string;
  /** Of a handoff or an inquiry. */
  readonly state: string | null;
  /** Of a conversation. */
  readonly controlEpoch: number | null;
  /** Of a handoff: when who has it got it, or else its deadline. */
  readonly since: string | null;
  /** Of a handoff: who has it now. */
  readonly acceptedById: string | null;
  /** Of a handoff that is handed on: by whom, and the hold that begins or ends with it. */
  readonly transferredById: string | null;
  readonly transferHoldId: string | null;
}

export type BreachKind =
  | 'LOST'
  | 'DOUBLED'
  | 'REORDERED'
  | 'INVENTED'
  | 'REFUSED_BUT_WRITTEN'
  | 'SPOKEN_OVER'
  | 'TWO_OPERATORS'
  | 'CONTROL_BROKEN'
  | 'FORGOTTEN_DEADLINE'
  | 'EARLY_DEADLINE'
  | 'NOTIFICATION_LOST'
  | 'NOTIFICATION_DOUBLED'
  | 'OUTBOX_LEFT'
  | 'LOG_HOLE'
  | 'TURN_LEFT_OPEN'
  | 'PROCESS_DIED';

/** One promise that a history breaks, in words that say where to look. */
export interface Breach {
  readonly kind: BreachKind;
  readonly detail: string;
}
