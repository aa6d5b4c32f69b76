import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { AttachmentLink } from '../../domain/attachment/attachment-link';
import { Attachment } from '../../entities/attachment';

/** One try of sending the bytes of an attachment. */
export interface Upload {
  readonly workspaceId: string;
  readonly attachmentId: string;
  readonly attempt: number;
  readonly contentType: string;
  readonly byteSize: number;
}

/**
 * Begins an upload, and with that ends an earlier one that has not come to its end: whoever sends again has lost the
 * first connection. What has come of it is forgotten.
 *
 * @returns GONE: there is no such attachment (any more); DONE: all of it is there already
 */
export async function beginUpload(
  database: Database,
  { workspaceId, attachmentId }: AttachmentLink,
): Promise<Upload | 'GONE' | 'DONE'> {
  return transact(database, { workspaceId }, async (transaction) => {
    const attachments = transaction.rows(Attachment, workspaceId);
    const row = await attachments.lock({ id: attachmentId });
    if (row === null) return 'GONE';
    if (row.state !== 'PENDING') return 'DONE';
    const attempt = row.attempt + 1;
    await attachments.update({ id: row.id }, { attempt });
    await transaction.manager.query('delete from attachment_pieces where attachment_id = $1', [row.id]);
    return { workspaceId, attachmentId, attempt, contentType: row.contentType, byteSize: row.byteSize };
  });
}
