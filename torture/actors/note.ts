import { uuidOf } from '../history/recorder';
import type { Caller } from './caller';
import type { Stage } from './stage';

interface NoteDraft {
  readonly conversationId: string;
  readonly authorId: string;
  readonly nonce: string;
  readonly text: string;
}

/** Notes it beside the conversation, with all retries under one nonce, and records what came of it. */
export async function addNote({ recorder }: Stage, caller: Caller, draft: NoteDraft): Promise<void> {
  const { conversationId, authorId, nonce, text } = draft;
  const answer = await caller.call('addNote', { conversationId, clientNonce: nonce, text });
  const about = { conversationId: uuidOf(conversationId), authorId, nonce, text };
  if (answer.kind === 'UNKNOWN') recorder.notes.push({ ...about, outcome: { kind: 'UNKNOWN' } });
  else if (answer.kind === 'REFUSED')
    recorder.notes.push({ ...about, outcome: { kind: 'REFUSED', codes: answer.codes } });
  else {
    const { note } = answer.payload;
    if (note == null) throw new Error('A note was accepted, and the answer does not say which.');
    recorder.notes.push({ ...about, outcome: { kind: 'ACKED', noteId: uuidOf(note.id) } });
  }
}
