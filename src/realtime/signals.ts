/** What is told and never stored: it may be lost and goes out of date by itself. Ids are UUIDs, instants RFC 3339. */
export type Signal = TypingSignal | PresenceSignal | ReplyDeltaSignal | ReadMarkSignal;

export interface TypingSignal {
  readonly kind: 'TYPING';
  readonly conversationId: string;
  readonly actorKind: 'USER' | 'VISITOR' | 'AGENT';
  readonly actorId: string;
  readonly isTyping: boolean;
  readonly expiresAt: string;
}

export interface PresenceSignal {
  readonly kind: 'PRESENCE';
  readonly workspaceId: string;
  readonly actorKind: 'USER' | 'VISITOR';
  readonly actorId: string;
  readonly status: 'ONLINE' | 'AWAY' | 'OFFLINE';
  readonly lastActiveAt: string | null;
}

export interface ReplyDeltaSignal {
  readonly kind: 'REPLY_DELTA';
  readonly conversationId: string;
  readonly turnId: string;
  readonly controlEpoch: number;
  readonly text: string;
}

export interface ReadMarkSignal {
  readonly kind: 'READ_MARK';
  readonly conversationId: string;
  readonly reader: 'VISITOR' | 'OPERATOR';
  readonly sequence: number;
}

/** PostgreSQL refuses a notification of 8000 bytes; the rest is for the envelope. */
const MAX_TEXT_BYTES = 7000;

/** The same signal in pieces that fit into one hint. Only reply deltas can be too long; they are cut between code points. */
export function splitSignal(signal: Signal): readonly Signal[] {
  if (signal.kind !== 'REPLY_DELTA' || encodedBytes(signal.text) <= MAX_TEXT_BYTES) return [signal];
  return splitText(signal.text).map((text) => ({ ...signal, text }));
}

function splitText(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const point of text) {
    const size = encodedBytes(point);
    if (bytes + size > MAX_TEXT_BYTES) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += point;
    bytes += size;
  }
  pieces.push(piece);
  return pieces;
}

/** JSON escapes: one control character or lone surrogate becomes six bytes. */
function encodedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
