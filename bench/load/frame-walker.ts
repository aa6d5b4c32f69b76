import { readStamp, STAMP } from './stamp';

/** What a stream of bytes held. Deliveries are told once a chunk, so that the reader does not become the bottleneck. */
export interface Deliveries {
  /** So many messages have become whole; `sentAt` is when the first that began in this chunk was sent, null when none did. */
  delivered(count: number, sentAt: number | null): void;
  /** A text frame shorter than an event: the protocol's own words. */
  said(text: string): void;
  pinged(payload: Buffer): void;
  closed(code: number): void;
}

export interface Walker {
  /** The bytes are another chunk's once it returns. */
  read(chunk: Buffer): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;

/**
 * Walks from header to header of the frames of a WebSocket server, RFC 6455 section 5.2: unmasked, and never fragmented by
 * any of the servers here. What is as long as an event is counted and not looked at.
 */
export class FrameWalker implements Walker {
  /** Bytes of a counted frame that are still to come. */
  private left = 0;
  /** The beginning of a frame that was cut before it could be told what it is. */
  private cut: Buffer | null = null;

  constructor(
    private readonly smallestEvent: number,
    private readonly into: Deliveries,
  ) {}

  read(received: Buffer): void {
    const chunk = this.cut === null ? received : Buffer.concat([this.cut, received]);
    this.cut = null;
    let [at, whole, sentAt] = [Math.min(this.left, chunk.length), 0, null as number | null];
    if (this.left > 0) {
      this.left -= at;
      if (this.left === 0) whole += 1;
    }
    while (at < chunk.length) {
      const frame = headerAt(chunk, at);
      if (frame === null) break;
      if (frame.length < this.smallestEvent) {
        if (frame.end > chunk.length) break;
        this.tell(frame.opcode, chunk.subarray(frame.start, frame.end));
      } else {
        sentAt ??= stampIn(chunk, frame.start);
        this.left = Math.max(0, frame.end - chunk.length);
        if (this.left === 0) whole += 1;
      }
      at = frame.end;
    }
    if (at < chunk.length) this.cut = Buffer.from(chunk.subarray(at));
    if (whole > 0) this.into.delivered(whole, sentAt);
  }

  private tell(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.into.said(payload.toString('utf8'));
    else if (opcode === PING) this.into.pinged(payload);
    else if (opcode === CLOSE) this.into.closed(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  }
}

/** Null when the header is not whole. */
function headerAt(chunk: Buffer, at: number): { opcode: number; length: number; start: number; end: number } | null {
  if (chunk.length - at < 2) return null;
  const short = chunk.readUInt8(at + 1) & 0x7f;
  const size = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (chunk.length - at < size) return null;
  const length = size === 2 ? short : size === 4 ? chunk.readUInt16BE(at + 2) : chunk.readUInt32BE(at + 6);
  return { opcode: chunk.readUInt8(at) & 0x0f, length, start: at + size, end: at + size + length };
}

function stampIn(chunk: Buffer, from: number): number | null {
  const at = chunk.indexOf(STAMP, from, 'latin1');
  return at === -1 ? null : readStamp(chunk, at);
}

const EVENT = 'event: next';

/** Counts the events of a server that sends `text/event-stream`, chunked or not: `event: next` stands before each. */
export class EventStreamWalker implements Walker {
  private rest = Buffer.alloc(0);

  constructor(private readonly into: Deliveries) {}

  read(received: Buffer): void {
    const chunk = Buffer.concat([this.rest, received]);
    let [count, last] = [0, 0];
    for (let at = chunk.indexOf(EVENT); at !== -1; at = chunk.indexOf(EVENT, at + 1)) {
      count += 1;
      last = at + EVENT.length;
    }
    // A mark that was cut in two is found with the next chunk.
    this.rest = Buffer.from(chunk.subarray(Math.max(last, chunk.length - EVENT.length + 1)));
    if (count > 0) this.into.delivered(count, stampIn(chunk, 0));
    else this.into.said(received.toString('utf8'));
  }
}
