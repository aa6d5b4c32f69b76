import type { Transcript as TranscriptRow } from '../entities/transcript';
import { Transcript } from '../schema/transcript';

export function presentTranscript(row: TranscriptRow): Transcript {
  return Object.assign(new Transcript(), {
    email: row.email,
    createdAt: row.createdAt,
    transcriptRef: row.id,
    authorRef: row.authorUserId,
  });
}
