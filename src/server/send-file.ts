import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AttachmentLink } from '../domain/attachment/attachment-link';
import type { AttachedFile } from '../domain/attachment/attached-file';
import { answerRefusal, type AttachmentTransfers, NO_SUCH_FILE } from './attachment-transfers';

/** Gives a file to be saved, never to be shown: whatever is in it does not run in the name of this host. */
export async function sendFile(
  transfers: AttachmentTransfers,
  link: AttachmentLink,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = await transfers.find(link);
  if (file === null) {
    answerRefusal(response, 404, 'NOT_FOUND', NO_SUCH_FILE);
    return;
  }
  writeHead(response, file, link);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // A reader that takes nothing for so long is gone.
  response.setTimeout(transfers.idleMs, () => response.destroy());
  const pieces = Readable.from(transfers.store.read(link), { objectMode: true, highWaterMark: 1 });
  try {
    await pipeline(wholeOf(pieces, file.byteSize), response);
  } catch (error) {
    if (error instanceof Erased || isReadersFault(error)) response.destroy();
    else throw error;
  }
}

/** The file was erased while it was read: better a broken download than half a file that looks whole. */
class Erased extends Error {}

async function* wholeOf(pieces: AsyncIterable<Buffer>, byteSize: number): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of pieces) {
    sent += piece.length;
    yield piece;
  }
  if (sent !== byteSize) throw new Erased();
}

function isReadersFault(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(code);
}

function writeHead(response: ServerResponse, file: AttachedFile, { expiresAt }: AttachmentLink): void {
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000));
  response.statusCode = 200;
  response.setHeader(
    'Content-Type',
    file.contentType.startsWith('text/') ? `${file.contentType}; charset=utf-8` : file.contentType,
  );
  response.setHeader('Content-Length', file.byteSize);
  response.setHeader('Content-Disposition', dispositionOf(file.fileName));
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('Cache-Control', `private, max-age=${seconds}`);
  response.setHeader('X-Robots-Tag', 'noindex');
}

/** RFC 6266: the name in ASCII for old clients, and as it is, in the form of RFC 5987. */
function dispositionOf(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
