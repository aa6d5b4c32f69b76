import { beginUpload, type Upload } from '../commands/attachment/begin-upload';
import { finishUpload } from '../commands/attachment/finish-upload';
import type { Database } from '../database/database';
import type { AttachmentLink } from '../domain/attachment/attachment-link';
import type { ByteStore } from './byte-store';
import { inPieces } from './in-pieces';
import { createSniffer } from './sniff';

/** How an upload ended. All but UPLOADED and ALREADY_UPLOADED may be tried again. */
export type UploadEnd =
  | 'UPLOADED'
  | 'NOT_FOUND'
  | 'ALREADY_UPLOADED'
  /** More bytes than were announced; not one of them is stored. */
  | 'TOO_LONG'
  | 'TOO_SHORT'
  | 'TYPE_MISMATCH'
  /** Another upload of it has begun, or it was erased meanwhile. */
  | 'SUPERSEDED';

export interface UploadDependencies {
  readonly database: Database;
  readonly store: ByteStore;
}

/**
 * Takes the bytes of an attachment as they come and stores them piece by piece: the next one is asked for when the last one
 * is stored, so that a sender is as slow as the store, and memory holds one piece.
 *
 * @throws whatever `body` throws
 */
export async function receiveUpload(
  { database, store }: UploadDependencies,
  link: AttachmentLink,
  body: AsyncIterable<Buffer>,
): Promise<UploadEnd> {
  const upload = await beginUpload(database, link);
  if (upload === 'GONE') return 'NOT_FOUND';
  if (upload === 'DONE') return 'ALREADY_UPLOADED';
  const refused = await storeBody(store, upload, body);
  if (refused !== null) return refused;
  return (await finishUpload(database, upload)) ? 'UPLOADED' : 'SUPERSEDED';
}

async function storeBody(store: ByteStore, upload: Upload, body: AsyncIterable<Buffer>): Promise<UploadEnd | null> {
  const sniffer = createSniffer(upload.contentType);
  let received = 0;
  let position = 0;
  for await (const piece of inPieces(body)) {
    received += piece.length;
    if (received > upload.byteSize) return 'TOO_LONG';
    if (!sniffer.accepts(piece)) return 'TYPE_MISMATCH';
    if (!(await store.append(upload, position, piece))) return 'SUPERSEDED';
    position += 1;
  }
  if (received < upload.byteSize) return 'TOO_SHORT';
  return sniffer.ends() ? null : 'TYPE_MISMATCH';
}
