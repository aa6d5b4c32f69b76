import type {
  HumanRequest,
  HumanRequestResult,
  TranscriptEntry,
  Turn,
  TurnContext,
} from '../../src/responders/responder';

type Line = [TranscriptEntry['authorKind'], string, string?];

/** A turn whose transcript has these lines; the last of them is the message to answer. */
export function turnOf(lines: Line[], overrides: Partial<Turn> = {}): Turn {
  const transcript = lines.map(([authorKind, text, authorName], index) => ({
    id: `msg_${String(index + 1)}`,
    sequence: index + 1,
    authorKind,
    authorName: authorName ?? null,
    text,
    createdAt: new Date(Date.UTC(2026, 0, 1, 12, index)),
  }));
  const message = transcript.at(-1);
  if (message === undefined) throw new Error('A turn needs a message.');
  return {
    id: 'turn_1',
    conversationId: 'conv_1',
    agent: { id: 'agent_1', displayName: 'Nova', instructions: 'Sell tea.' },
    visitor: { displayName: 'Ada', locale: 'en-GB' },
    controlEpoch: 7,
    brief: null,
    message,
    transcript,
    mayRequestHuman: true,
    ...overrides,
  };
}

export interface RecordingContext extends TurnContext {
  deltas: string[];
  humanRequests: HumanRequest[];
  abort(reason: Error): void;
}

/** Keeps what a responder does with its context. `answer` is what requestHuman resolves with. */
export function recordingContext(answer: HumanRequestResult = { granted: true }): RecordingContext {
  const controller = new AbortController();
  const deltas: string[] = [];
  const humanRequests: HumanRequest[] = [];
  return {
    signal: controller.signal,
    deltas,
    humanRequests,
    onDelta: (text) => void deltas.push(text),
    requestHuman: (request) => {
      humanRequests.push(request);
      return Promise.resolve(answer);
    },
    abort: (reason) => {
      controller.abort(reason);
    },
  };
}

export const REFUSED: HumanRequestResult = { granted: false, explanation: 'Nobody is online.' };
