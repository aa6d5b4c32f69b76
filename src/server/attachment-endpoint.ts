import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttachmentLinkKind } from '../domain/attachment/attachment-link';
import { answerRefusal, type AttachmentTransfers, NO_SUCH_FILE } from './attachment-transfers';
import type { BodyDeadline } from './body-deadline';
import { sendFile } from './send-file';
import { takeUpload } from './take-upload';

export const ATTACHMENTS_PATH = '/attachments/';

/** Of each kind in one process: each holds a piece or two in memory, and now and then a connection to the database. */
const MOST_AT_ONCE = 64;

/** Lifts the deadline of a body that it takes: an upload has a time of its own. */
export type AttachmentEndpoint = (
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  deadline: BodyDeadline,
) => Promise<void>;

/**
 * `PUT` with an upload link takes the bytes, `GET` and `HEAD` with a download link give them. The link is the only
 * credential: neither asks who calls.
 */
export function createAttachmentEndpoint(
  transfers: AttachmentTransfers,
  now: () => number = Date.now,
): AttachmentEndpoint {
  const running: Record<AttachmentLinkKind, number> = { UPLOAD: 0, DOWNLOAD: 0 };
  return async (token, request, response, deadline) => {
    // The address of a file is a secret of its reader.
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const kind = kindOf(request);
    const link = transfers.read(token);
    if (kind === null) {
      response.setHeader('Allow', 'GET, HEAD, PUT, OPTIONS');
      answerRefusal(
        response,
        405,
        'METHOD_NOT_ALLOWED',
        'PUT a file to its upload address, or GET it from its download address.',
      );
    } else if (link?.kind !== kind) {
      answerRefusal(response, 404, 'NOT_FOUND', NO_SUCH_FILE);
    } else if (link.expiresAt.getTime() <= now()) {
      answerRefusal(response, 410, 'LINK_EXPIRED', EXPIRED[kind]);
    } else if (running[kind] >= MOST_AT_ONCE) {
      response.setHeader('Retry-After', '5');
      answerRefusal(response, 503, 'OVERLOADED', 'Too many files are on their way. Try again in a few seconds.');
    } else {
      running[kind] += 1;
      try {
        if (kind === 'UPLOAD') {
          deadline.lift();
          await takeUpload(transfers, link, request, response);
        } else {
          await sendFile(transfers, link, request, response);
        }
      } finally {
        running[kind] -= 1;
      }
    }
  };
}

const EXPIRED: Readonly<Record<AttachmentLinkKind, string>> = {
  UPLOAD: 'This upload address is too old. Call createAttachment again.',
  DOWNLOAD: 'This download address is too old. Read the message again for another one.',
};

function kindOf({ method }: IncomingMessage): AttachmentLinkKind | null {
  if (method === 'PUT') return 'UPLOAD';
  return method === 'GET' || method === 'HEAD' ? 'DOWNLOAD' : null;
}
