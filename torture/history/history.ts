import type { AuthorKind, FinalState } from './final-state';

/** The server keeps instants in milliseconds, the database in thousandths of them. */
export const CLOCK_MS = 1;

/**
 * What a run leaves behind: what clients recorded, what the sinks got, which faults were injected, and what the database holds
 * at the end. Ids are UUIDs, times are milliseconds since the epoch. Plain data: the checker reads it and nothing else.
 */
export interface History {
  readonly agents: readonly AgentRecord[];
  readonly operators: readonly OperatorRecord[];
  readonly sends: readonly SendRecord[];
  readonly claims: readonly ClaimRecord[];
  readonly notes: readonly NoteRecord[];
  readonly uploads: readonly UploadRecord[];
  readonly downloads: readonly DownloadRecord[];
  readonly sightings: readonly SightingRecord[];
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
  /** Who is named on the last rung of its ladder; null: it has none, and everybody is told at once. */
  readonly fallbackUserIds: readonly string[] | null;
}

/** Somebody who may handle conversations, with what they chose to be told by. */
export interface OperatorRecord {
  readonly userId: string;
  /** As announcements say it. */
  readonly name: string;
  /** Null: every agent. */
  readonly agentIds: readonly string[] | null;
  readonly channels: readonly ('EMAIL' | 'PUSH')[];
  /** Of the workspace, and not of the organization: told by a ladder where they are named alone. */
  readonly isStaff: boolean;
}

/** One message that a client wanted to send, with all of its retries: they carry the same nonce. */
export interface SendRecord {
  readonly conversationId: string;
  readonly authorKind: AuthorKind;
  /** Of an operator; null for everybody else. */
  readonly authorId: string | null;
  readonly nonce: string;
  readonly text: string;
  /** Ids of what it carries, in their order. */
  readonly files: readonly string[];
  readonly outcome: SendOutcome;
}

export type SendOutcome =
  | { readonly kind: 'ACKED'; readonly messageId: string; readonly sequence: number }
  | { readonly kind: 'REFUSED'; readonly codes: readonly string[] }
  /** Nobody answered: it may be in the database, or not. */
  | { readonly kind: 'UNKNOWN' };

/** One note that an operator wanted to write, with all retries; `nonce` is null for one that goes with a transfer. */
export interface NoteRecord {
  readonly conversationId: string;
  readonly authorId: string;
  readonly nonce: string | null;
  readonly text: string;
  readonly outcome:
    | { readonly kind: 'ACKED'; readonly noteId: string | null }
    | { readonly kind: 'REFUSED'; readonly codes: readonly string[] }
    | { readonly kind: 'UNKNOWN' };
}

/** A file that was announced, and what was put to its address. */
export interface UploadRecord {
  readonly id: string;
  readonly conversationId: string;
  readonly fileName: string;
  readonly byteSize: number;
  readonly sha256: string;
  /** Whether somebody was told that all of it is there. */
  readonly isAcked: boolean;
}

/** What a reader is shown of the files of a message, and what came from their addresses. */
export interface DownloadRecord {
  readonly messageId: string;
  readonly files: readonly Pick<UploadRecord, 'id' | 'fileName' | 'byteSize' | 'sha256'>[];
}

/** Somebody was shown what is not for them: a note, or what is another tenant's. */
export interface SightingRecord {
  readonly who: string;
  readonly what: string;
}

/** An acceptHandoff or takeOverConversation that was answered with success. */
export interface ClaimRecord {
  readonly handoffId: string;
  readonly operatorId: string;
  /** When the answer came. */
  readonly at: number;
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
  /** Whether the subscriber is somebody to whom notes are shown. */
  readonly readsNotes: boolean;
  /** Position of the log at which it began, for who came in the middle; null: the subscriber was there from the beginning. */
  readonly fromPosition: number | null;
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
  | 'LADDER_BROKEN'
  | 'LEAKED'
  | 'FILE_BROKEN'
  | 'OUTBOX_LEFT'
  | 'LOG_HOLE'
  | 'TURN_LEFT_OPEN'
  | 'PROCESS_DIED';

/** One promise that a history breaks, in words that say where to look. */
export interface Breach {
  readonly kind: BreachKind;
  readonly detail: string;
}
