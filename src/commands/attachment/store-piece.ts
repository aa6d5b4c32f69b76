import type { Database } from '../../database/database';
import { within } from '../../database/scope';
import type { Upload } from './begin-upload';

/**
 * Stores the next bytes of an upload, in a transaction of its own: a slow sender holds no connection of the pool.
 *
 * @returns false: another upload of it has begun or ended meanwhile, or the attachment was erased
 */
export async function storePiece(
  { source }: Database,
  { workspaceId, attachmentId, attempt }: Upload,
  position: number,
  bytes: Buffer,
): Promise<boolean> {
  return within(source, { workspaceId }, async (manager) => {
    // The lock makes whoever begins another upload, or erases, wait until the piece is there to be deleted.
    const stored = await manager.query<unknown[]>(
      `insert into attachment_pieces (workspace_id, attachment_id, position, bytes)
       select a.workspace_id, a.id, $3, $4::bytea from attachments a
       where a.id = $1 and a.attempt = $2 and a.state = 'PENDING' for share of a returning position`,
      [attachmentId, attempt, position, bytes],
    );
    return stored.length === 1;
  });
}
