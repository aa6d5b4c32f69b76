import { encodePublicId } from '../domain/public-id';
import type { Note as NoteRow } from '../entities/note';
import { Note } from '../schema/note';

export function presentNote(row: NoteRow): Note {
  return Object.assign(new Note(), {
    id: encodePublicId('note', row.id),
    text: row.text,
    createdAt: row.createdAt,
    conversationRef: row.conversationId,
    authorRef: row.authorUserId,
  });
}
