import type { IncomingMessage } from 'node:http';

/** A message of 8000 code points is at most 32 KB of UTF-8; the rest is for the operation and its other variables. */
const MAX_BODY_BYTES = 256 * 1024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A request that cannot be answered as GraphQL: `status`, a sentence that says what to do, and a public code. */
export class BadRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code = 'BAD_REQUEST',
  ) {
    super(message);
  }
}

/** Reads a JSON body. Throws BadRequest for one that is too long, encoded in another way, or no JSON. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  refuseEncoding(request);
  const body = await readBody(request, MAX_BODY_BYTES);
  try {
    // A byte order mark is left out; what is no UTF-8 is not guessed at.
    const text = UTF8.decode(body);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw new BadRequest(400, 'The body is not valid JSON in UTF-8.');
  }
}

/** Reads a body of whatever kind. Throws BadRequest for one of more bytes. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  // By its events: an iterator makes five promises a chunk, and nearly every body is one chunk.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      request.off('data', take).pause();
      reject(new BadRequest(413, `The body is longer than ${maxBytes} bytes.`));
    };
    request
      .on('data', take)
      .once('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
      .once('error', reject)
      // After its end it changes nothing any more.
      .once('close', () => reject(new Error('The connection was cut before the end of the body.')));
  });
}

function refuseEncoding({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new BadRequest(415, 'Send the body as it is, without Content-Encoding.');
  const charset = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new BadRequest(415, 'Send the body as UTF-8.');
}
