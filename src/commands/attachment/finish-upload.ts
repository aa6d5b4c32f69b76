import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { Attachment } from '../../entities/attachment';
import type { Upload } from './begin-upload';

/**
 * Says that everything has come and is what it should be: from now on it may be attached, and nothing changes it any more.
 *
 * @returns whether this upload was still the last one begun
 */
export async function finishUpload(
  database: Database,
  { workspaceId, attachmentId, attempt }: Upload,
): Promise<boolean> {
  return transact(database, { workspaceId }, async (transaction) => {
    const changed = await transaction
      .rows(Attachment, workspaceId)
      .update({ id: attachmentId, attempt, state: 'PENDING' }, { state: 'UPLOADED' });
    return changed === 1;
  });
}
