/** One line of the conversation as a responder sees it. */
export interface TranscriptEntry {
  id: string;
  sequence: number;
  authorKind: 'VISITOR' | 'AI' | 'OPERATOR' | 'SYSTEM';
  authorName: string | null;
  text: string;
  createdAt: Date;
}

/** What the AI has to answer, and everything that it may know for it. All ids are public ids. */
export interface Turn {
  id: string;
  conversationId: string;
  agent: { id: string; displayName: string; instructions: string | null };
  visitor: { displayName: string; locale: string | null };
  /** The control epoch that the reply has to be posted with. */
  controlEpoch: number;
  /** The operator's note at the hand-back, for the first turn after it. */
  brief: string | null;
  message: TranscriptEntry;
  /** Oldest first, at most 50, ends with `message`. */
  transcript: readonly TranscriptEntry[];
  mayRequestHuman: boolean;
}

export interface HumanRequest {
  reason: string | null;
  summary: string | null;
}

export type HumanRequestResult = { granted: true } | { granted: false; explanation: string };

export interface TurnContext {
  /** Aborts when the AI loses the turn: taken over, superseded, or the process drains. */
  signal: AbortSignal;
  /** A further piece of the reply. Never called again once `signal` has aborted. */
  onDelta(text: string): void;
  /** Runs the real command. Not raced against `signal`: a request that was granted is reported as granted. */
  requestHuman(request: HumanRequest): Promise<HumanRequestResult>;
}

export type TurnOutcome =
  | { kind: 'REPLY'; text: string }
  | { kind: 'HUMAN_REQUESTED' }
  /** The answer comes later, by postAgentReply. */
  | { kind: 'DEFERRED' }
  | { kind: 'FAILED'; retryable: boolean; detail: string };

/** Writes the AI's reply for one turn. */
export interface Responder {
  /**
   * Resolves with the outcome; expected failures are outcomes, not errors. Rejects with the reason of
   * `context.signal` as soon as that aborts, and with whatever `onDelta` or `requestHuman` throws.
   */
  respond(turn: Turn, context: TurnContext): Promise<TurnOutcome>;
}
