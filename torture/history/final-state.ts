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
  readonly notes: readonly NoteRow[];
  readonly rungs: readonly RungRow[];
  readonly attachments: readonly AttachmentRow[];
  readonly log: { readonly position: number; readonly prunedPosition: number };
  readonly routerPosition: number;
  readonly outboxRows: number;
}

export interface ConversationRow {
  readonly id: string;
  readonly agentId: string;
  readonly lastSequence: number;
}

export type AuthorKind = 'VISITOR' | 'AI' | 'OPERATOR' | 'SYSTEM';

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
  /** Ids of its attachments, in their order. */
  readonly files: readonly string[];
}

/** What an operator noted for the others; never part of what is said. */
export interface NoteRow {
  readonly id: string;
  readonly conversationId: string;
  readonly authorId: string;
  readonly text: string;
  /** Null: it came with a transfer. */
  readonly nonce: string | null;
  readonly createdAt: number;
}

export interface AttachmentRow {
  readonly id: string;
  readonly conversationId: string;
  readonly state: 'PENDING' | 'UPLOADED' | 'ATTACHED';
  readonly messageId: string | null;
  readonly byteSize: number;
  /** Of its pieces, one behind the other, as hexadecimal text; null while there is none. */
  readonly sha256: string | null;
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
  readonly nextRungAt: number | null;
}

export type Rung = 'ONLINE' | 'EVERYONE' | 'FALLBACK' | 'UNANSWERED';

/** One step of the ladder of a handoff, as it was climbed the last time that it waited. */
export interface RungRow {
  readonly handoffId: string;
  readonly rung: Rung;
  readonly state: 'WAITING' | 'REACHED' | 'SKIPPED';
  readonly dueAt: number;
  readonly reachedAt: number | null;
  /** Why it was skipped. */
  readonly detail: string | null;
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
  /** Zero for what is told once; else the instant that tells this one from others about the same subject. */
  readonly windowStart: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly notificationId: string | null;
  readonly channel: 'EMAIL' | 'PUSH';
  readonly pushSubscriptionId: string | null;
  readonly state: 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
  readonly attempts: number;
  readonly detail: string | null;
  /** When it was noted that it has left; null unless it is SENT. */
  readonly sentAt: number | null;
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
  /** Of a handoff that waits: who is told by now. */
  readonly rung: Rung | null;
  /** Of a handoff. */
  readonly version: number | null;
  /** Of a message: ids of its attachments. */
  readonly files: readonly string[];
  readonly at: number;
}
