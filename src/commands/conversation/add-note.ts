import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { type Principal, readerIdOf } from '../../domain/actor';
import { checkNonce, checkOptionalText } from '../../domain/conversation/message-text';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { Note } from '../../entities/note';
import { lockVisible } from './locked-conversation';
import { MAX_NOTE_CODE_POINTS, writeNote } from './notes';

export interface AddNote {
  readonly conversationId: string;
  readonly clientNonce: string;
  readonly text: string;
}

/** Notes something beside a conversation, for operators alone. A retry with the same nonce returns the first note. */
export async function addNote(database: Database, principal: Principal, input: AddNote): Promise<Outcome<Note>> {
  const { text, clientNonce } = input;
  const invalid = [...checkNonce(clientNonce, 'clientNonce'), ...checkNoteText(text)];
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    if (!mayOnConversation(principal, 'operate', conversation.row)) {
      const unauthorized = forbidden('You need the permission HANDLE_CONVERSATIONS to note here.', 'conversationId');
      return refused(refuseImpersonator(principal, 'operate') ?? unauthorized);
    }
    const authorUserId = readerIdOf(principal);
    // Under the lock: the index of nonces would answer with an error.
    const { id: conversationId, workspaceId } = conversation.row;
    const first = await transaction.rows(Note, workspaceId).find({ conversationId, authorUserId, clientNonce });
    if (first !== null) return repeated(first, text);
    return done(await writeNote(conversation, { authorUserId, text, clientNonce }));
  });
}

function checkNoteText(text: string): Refusal[] {
  if (text.trim() === '') return [refusal('INVALID', 'Write something first: the note is empty.', 'text')];
  return checkOptionalText(text, MAX_NOTE_CODE_POINTS, 'text');
}

function repeated(first: Note, text: string): Outcome<Note> {
  if (first.text === text) return done(first);
  const mismatch =
    'This nonce was already used for another note; that first one stands. Use a new nonce for a new note.';
  return refused(refusal('IDEMPOTENCY_MISMATCH', mismatch, 'clientNonce'), first);
}
