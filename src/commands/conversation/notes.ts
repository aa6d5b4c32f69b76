import { newId } from '../../database/ids';
import { Note } from '../../entities/note';
import type { LockedConversation } from './locked-conversation';

/** As much as the brief that an operator leaves for the AI. */
export const MAX_NOTE_CODE_POINTS = 2000;

/** Writes a note into the conversation that is locked, and tells of it. */
export async function writeNote(
  conversation: LockedConversation,
  note: Pick<Note, 'authorUserId' | 'text' | 'clientNonce'>,
): Promise<Note> {
  const { transaction, row, now } = conversation;
  const written = await transaction
    .rows(Note, row.workspaceId)
    .insert({ ...note, id: newId(), conversationId: row.id, createdAt: now });
  conversation.tell('NOTE_ADDED', written.id, written);
  return written;
}
