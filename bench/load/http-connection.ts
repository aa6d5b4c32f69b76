import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const ANSWER_MS = 30_000;

/** One keep-alive connection that asks one thing at a time, with no more work than bytes need. */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null = null;
  private ended: Error | null = null;

  constructor(private readonly port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      this.look();
    });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /** Throws when the connection breaks, and when no answer has come after 30 s. */
  post(path: string, token: string | null, body: string): Promise<HttpAnswer> {
    if (this.ended !== null) return Promise.reject(this.ended);
    const authorization = token === null ? '' : `Authorization: Bearer ${token}\r\n`;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.fail(new Error('no answer in 30 s')), ANSWER_MS);
      const settle =
        <Value>(act: (value: Value) => void) =>
        (value: Value): void => {
          clearTimeout(late);
          this.waiting = null;
          act(value);
        };
      this.waiting = { resolve: settle(resolve), reject: settle(reject) };
      this.socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.port}\r\n${authorization}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private fail(error: Error): void {
    this.ended ??= error;
    this.waiting?.reject(error);
  }

  private look(): void {
    const answer = parseAnswer(this.received);
    if (answer === null) return;
    this.received = Buffer.alloc(0);
    this.waiting?.resolve(answer);
  }
}

/** Null while the answer is not whole. Of RFC 9112 what the servers here use: a length, or chunks. */
export function parseAnswer(received: Buffer): HttpAnswer | null {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const start = end + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const whole = start + Number(length);
    return received.length < whole ? null : { status, body: received.toString('utf8', start, whole) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: '' };
  const body = parseChunks(received, start);
  return body === null ? null : { status, body };
}

function parseChunks(received: Buffer, start: number): string | null {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const line = received.indexOf('\r\n', at);
    if (line === -1) return null;
    const size = Number.parseInt(received.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (received.length < next) return null;
    if (size === 0) return Buffer.concat(parts).toString('utf8');
    parts.push(received.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
