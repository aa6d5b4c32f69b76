/**
 * Everything that is told after a commit. The names of the first seven are those of the stream items in the schema;
 * the others stay inside the server. ERASED is what is left of an event of an erased conversation: its place.
 */
export type EventName =
  | 'MESSAGE_ADDED'
  | 'CONVERSATION_CHANGED'
  | 'HANDOFF_CHANGED'
  | 'INQUIRY_CHANGED'
  | 'NOTE_ADDED'
  | 'NOTE_REMOVED'
  | 'CONVERSATION_ERASED'
  | 'TURN_OPENED'
  | 'NOTIFICATION_ADDED'
  | 'NOTIFICATION_CHANGED'
  | 'DELIVERY_ADDED'
  | 'ERASED'
  | AccessEventName;

/**
 * Somebody may do other things than before (subject: the person), or a credential has ended (subject: the session or
 * API key). Sockets follow them: see docs/adr/0017.
 */
export type AccessEventName = 'ACCESS_CHANGED' | 'ACCESS_ENDED';

/** An event as a command writes it, before it has a position. */
export interface NewEvent {
  readonly name: EventName;
  readonly workspaceId: string;
  readonly organizationId: string | null;
  readonly agentId: string | null;
  readonly conversationId: string | null;
  /** Set on events for one person. */
  readonly userId: string | null;
  /** The message, conversation, handoff, inquiry, note, turn, notification, delivery, person or credential that it is about. */
  readonly subjectId: string;
  /** The row as that transaction committed it (dates as RFC 3339 text once logged): a stream shows what happened, not what is now. */
  readonly snapshot: object | null;
}

/** An event in the log. */
export interface LoggedEvent extends Omit<NewEvent, 'snapshot'> {
  /** 1, 2, 3 … without a hole over the whole log. */
  readonly position: number;
  readonly snapshot: Readonly<Record<string, unknown>> | null;
  readonly occurredAt: Date;
}
