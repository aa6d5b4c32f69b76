import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UploadEnd } from '../attachments/receive-upload';
import type { AttachmentLink } from '../domain/attachment/attachment-link';
import { encodePublicId } from '../domain/public-id';
import { answerJson, answerRefusal, type AttachmentTransfers, NO_SUCH_FILE } from './attachment-transfers';

/** Beside the idle time: who sends a byte now and then has this long, and a second for each so many bytes. */
const LEAST_MS = 30_000;
const LEAST_BYTES_PER_MS = 32;
/** How long we go on reading after a refusal: a client that is still sending would else miss it. */
const LINGER_MS = 2000;

/** The sender did nothing for too long, or takes too long altogether. */
class TooSlow extends Error {}
/** The connection ended in the middle. */
class Cut extends Error {}

const REFUSALS: Readonly<Record<Exclude<UploadEnd, 'UPLOADED'>, readonly [number, string]>> = {
  NOT_FOUND: [404, NO_SUCH_FILE],
  ALREADY_UPLOADED: [409, 'This file has been uploaded already. Attach it to a message.'],
  SUPERSEDED: [409, 'Another upload of this file has begun since, or it is gone.'],
  TOO_LONG: [413, 'The file is longer than createAttachment was told. Nothing of it is kept.'],
  TOO_SHORT: [400, 'The file is shorter than createAttachment was told. Send all of it again.'],
  TYPE_MISMATCH: [415, 'The content of the file is not what its name says (text has to be UTF-8).'],
};

/** Takes the bytes of an attachment. A broken upload leaves nothing behind that another one has to know of. */
export async function takeUpload(
  transfers: AttachmentTransfers,
  link: AttachmentLink,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await receive(transfers, link, request, response);
  } catch (error) {
    // Nobody is there any more who could be told.
    if (error instanceof Cut) return;
    if (!(error instanceof TooSlow)) throw error;
    answerRefusal(response, 408, 'TOO_SLOW', 'The file came too slowly. Send all of it again.');
  } finally {
    lingerOver(request);
  }
}

async function receive(
  transfers: AttachmentTransfers,
  link: AttachmentLink,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    answerRefusal(response, 415, 'ENCODED', 'Send the file as it is, without Content-Encoding.');
    return;
  }
  const announced = request.headers['content-length'];
  const end =
    announced === undefined || Number(announced) === link.byteSize
      ? await transfers.receive(link, bytesOf(request, link.byteSize, transfers.idleMs))
      : Number(announced) > link.byteSize
        ? 'TOO_LONG'
        : 'TOO_SHORT';
  if (end === 'UPLOADED') {
    answerJson(response, 200, { attachment: { id: encodePublicId('attachment', link.attachmentId), state: end } });
    return;
  }
  const [status, message] = REFUSALS[end];
  answerRefusal(response, status, end, message);
}

/** Ends with an error where the sender is too slow or gone; the request itself stays open, to be answered. */
async function* bytesOf(request: IncomingMessage, byteSize: number, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const end = Date.now() + LEAST_MS + byteSize / LEAST_BYTES_PER_MS;
  try {
    for (;;) {
      const next = await within(chunks.next(), Math.min(idleMs, end - Date.now()));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: behind a sender who sends nothing it would wait as well.
    chunks.return?.().catch(() => undefined);
  }
}

function within<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => reject(new TooSlow()), Math.max(0, ms));
    const ended = (): void => clearTimeout(clock);
    work.then(resolve, (error: unknown) => reject(new Cut('The sender is gone.', { cause: error }))).finally(ended);
  });
}

function lingerOver(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const clock = setTimeout(() => request.socket.destroy(), LINGER_MS);
  // The connection may carry the next request by then.
  request.once('end', () => clearTimeout(clock));
  request.once('close', () => clearTimeout(clock));
  request.resume();
}
