import type { ServerResponse } from 'node:http';
import type { ByteStore } from '../attachments/byte-store';
import type { UploadEnd } from '../attachments/receive-upload';
import type { AttachmentLink } from '../domain/attachment/attachment-link';
import type { AttachedFile } from '../domain/attachment/attached-file';

/** What the links to attachments lead to. */
export interface AttachmentTransfers {
  /** Null: no link of ours. */
  read(token: string): AttachmentLink | null;
  receive(link: AttachmentLink, body: AsyncIterable<Buffer>): Promise<UploadEnd>;
  /** Null: there is no such file, or not all of it. */
  find(link: AttachmentLink): Promise<AttachedFile | null>;
  readonly store: Pick<ByteStore, 'read'>;
  /** How long a sender or a reader may do nothing, in milliseconds. */
  readonly idleMs: number;
}

export const NO_SUCH_FILE = 'There is no such file, or not any more.';

/** A refusal in the form of all others. */
export function answerRefusal(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { errors: [{ message, extensions: { code } }] });
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(body));
}
