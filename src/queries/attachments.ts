import type { DataSource } from 'typeorm';
import { read, SERVER, within } from '../database/scope';
import type { AttachedFile } from '../domain/attachment/attached-file';
import { Attachment } from '../entities/attachment';

/** A file of which every byte is there; null for every other. */
export async function findStoredFile(
  source: DataSource,
  { workspaceId, attachmentId }: { readonly workspaceId: string; readonly attachmentId: string },
): Promise<AttachedFile | null> {
  const row = await read(source, { workspaceId }, (manager) =>
    manager.findOneBy(Attachment, { id: attachmentId, workspaceId }),
  );
  if (row === null || row.state === 'PENDING') return null;
  const { id, fileName, contentType, byteSize } = row;
  return { id, fileName, contentType, byteSize };
}

/**
 * Deletes files, with their bytes, that were prepared so long ago and went with no message. Returns how many it were.
 *
 * The condition is asked again of each row under its lock: what is attached in this very moment stays.
 */
export async function forgetUnattached(
  source: DataSource,
  { hours, limit }: { readonly hours: number; readonly limit: number },
): Promise<number> {
  return within(source, SERVER, async (manager) => {
    const gone = await manager.query<unknown[]>(
      `with old as (
         select id from attachments where message_id is null and created_at < now() - $1 * interval '1 hour'
         order by created_at limit $2
       ), gone as (
         delete from attachments where id in (select id from old) and message_id is null returning id
       )
       select id from gone`,
      [hours, limit],
    );
    return gone.length;
  });
}
