import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { mayDeleteNote } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Note } from '../../entities/note';
import { audit } from '../audit/audit';
import { lockVisible } from './locked-conversation';

/** Deletes a note, out of the event log too: whoever resumes a stream does not get it any more, only that it is gone. */
export async function deleteNote(
  database: Database,
  principal: Principal,
  input: { readonly noteId: string },
): Promise<Outcome<{ readonly noteId: string }>> {
  return transact(database, principal, async (transaction) => {
    const notes = transaction.rows(Note, principal.workspaceId);
    const unlocked = await notes.find({ id: input.noteId });
    // No conversation has the id of a note: a missing one takes as long as a hidden one.
    const conversationId = unlocked?.conversationId ?? input.noteId;
    const conversation = await lockVisible(transaction, principal, conversationId, 'viewNotes');
    // Read again: somebody may have deleted it while this transaction waited for the lock.
    const note = conversation && (await notes.find({ id: input.noteId }));
    if (conversation === null || note === null) return refused(notFound('note', 'noteId'));
    if (!mayDeleteNote(principal, note, conversation.row)) {
      const unauthorized = forbidden('Only its author, or who has MANAGE_ORGANIZATION, can delete a note.', 'noteId');
      return refused(refuseImpersonator(principal, 'operate') ?? unauthorized);
    }
    await notes.delete({ id: note.id });
    await blank(transaction.manager, note);
    await audit(transaction, principal, 'NOTE_DELETED', conversation.row);
    conversation.tell('NOTE_REMOVED', note.id, { id: note.id, conversationId: note.conversationId });
    return done({ noteId: note.id });
  });
}

/**
 * What stays of the event is its place. First the outbox: what the dispatcher moves while we wait for it is in the log
 * afterwards, and found there.
 */
async function blank(manager: EntityManager, note: Note): Promise<void> {
  for (const table of ['outbox', 'events']) {
    await manager.query(
      `update ${table} set name = 'ERASED', snapshot = null
       where conversation_id = $1 and name = 'NOTE_ADDED' and subject_id = $2`,
      [note.conversationId, note.id],
    );
  }
}
