import type { DataSource } from 'typeorm';
import { storePiece } from '../commands/attachment/store-piece';
import type { Upload } from '../commands/attachment/begin-upload';
import type { Database } from '../database/database';
import { read } from '../database/scope';

/** Which attachment's bytes. */
export interface Stored {
  readonly workspaceId: string;
  readonly attachmentId: string;
}

/**
 * Where the bytes of attachments are: the one place to exchange for an object store (docs/adr/0041 says what else it
 * would take). Pieces come and go one at a time: nobody holds a file in memory.
 */
export interface ByteStore {
  /** Adds the next piece of an upload. False: it is not wanted any more. */
  append(upload: Upload, position: number, bytes: Buffer): Promise<boolean>;
  /** The pieces in their order, each when it is asked for. Ends where the next one is missing: after the last, or erased. */
  read(stored: Stored): AsyncIterable<Buffer>;
}

/** In PostgreSQL, a row for each piece: every process reaches them, and they are deleted with their attachment. */
export function createPostgresStore(database: Database): ByteStore {
  return {
    append: (upload, position, bytes) => storePiece(database, upload, position, bytes),
    read: (stored) => readPieces(database.source, stored),
  };
}

/** Each piece in a transaction of its own: a slow reader holds no connection of the pool. */
async function* readPieces(source: DataSource, { workspaceId, attachmentId }: Stored): AsyncGenerator<Buffer> {
  for (let position = 0; ; position += 1) {
    const [piece] = await read(source, { workspaceId }, (manager) =>
      manager.query<{ bytes: Buffer }[]>(
        'select bytes from attachment_pieces where attachment_id = $1 and position = $2',
        [attachmentId, position],
      ),
    );
    if (piece === undefined) return;
    yield piece.bytes;
  }
}
