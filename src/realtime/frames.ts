import type { SharedLog } from './shared-log';

const TEXT_FRAME = 0x81;
const MIDDLE = Buffer.from(',"type":"next","payload":');
const OPENING = Buffer.from('{"id":');
const CLOSING = Buffer.from('}');
/** Members at more places than this cost a template each. */
const MAX_TEMPLATES = 16;

/** At most so much in one write: what a slow socket makes this process hold. */
const MAX_RUN_BYTES = 64 * 1024;

/** Frames of one run of entries, with holes where each member's operation id goes. */
interface Template {
  readonly from: number;
  readonly end: number;
  /** Where an id is encoded once, to be copied into each hole: 24 ns instead of 76. As long as the holes. */
  readonly id: Buffer;
  readonly to: number;
  bytes: Buffer;
  readonly holes: readonly number[];
}

/**
 * Makes the WebSocket frames (RFC 6455, unmasked, not compressed) of `next` messages of graphql-transport-ws. Frames of
 * two members differ in the operation id alone, so they are made once for each length of an id, and each member's id is
 * written over that of the one before: the kernel has its copy by then.
 */
export class Frames {
  /** Of this sweep; nearly all members of a group are at the same place, and clients make ids of one length. */
  private templates: Template[] = [];
  private given: Template | null = null;

  constructor(private readonly log: SharedLog) {}

  /**
   * Frames of the entries from `from` on, all up to `end` that fit into one write; the first always does. `to` is the
   * index behind the last of them, `count` how many they are. `id` is the operation id as JSON. The bytes stay as they are
   * until the next call, or for good after `giveAway`.
   */
  of(id: string, from: number, end: number): { readonly frames: Buffer; readonly to: number; readonly count: number } {
    const template = this.templateOf(Buffer.byteLength(id), from, end);
    const { bytes, holes, to } = template;
    template.id.write(id);
    for (const hole of holes) bytes.set(template.id, hole);
    this.given = template;
    return { frames: bytes, to, count: holes.length };
  }

  /** What `of` returned last is still underway: it stays as it is, and others get bytes of their own. */
  giveAway(): void {
    if (this.given !== null) this.given.bytes = Buffer.from(this.given.bytes);
    this.given = null;
  }

  /** Templates of earlier ends are of no use to anybody once a sweep is over. */
  forget(): void {
    this.templates = [];
    this.given = null;
  }

  private templateOf(idLength: number, from: number, end: number): Template {
    const known = this.templates.find((one) => one.from === from && one.end === end && one.id.length === idLength);
    if (known !== undefined) return known;
    const parts: Buffer[] = [];
    const holes: number[] = [];
    const id = Buffer.alloc(idLength);
    let length = 0;
    let to = from;
    while (to < end && length < MAX_RUN_BYTES) {
      const { payload } = this.log.at(to);
      to += 1;
      if (payload === null) continue;
      const frame = frameParts(id, payload);
      holes.push(length + frame.header.length + OPENING.length);
      parts.push(frame.header, ...frame.message);
      length += frame.length;
    }
    const template = { from, end, id, to, bytes: Buffer.concat(parts, length), holes };
    // The newest first: it is the one that is asked for next.
    this.templates = [template, ...this.templates.slice(0, MAX_TEMPLATES - 1)];
    return template;
  }
}

/** The frame of one `next` message. `id` is the operation id as JSON. */
export function nextFrame(id: string, payload: Buffer): Buffer {
  const { header, message, length } = frameParts(Buffer.from(id), payload);
  return Buffer.concat([header, ...message], length);
}

function frameParts(id: Buffer, payload: Buffer): { header: Buffer; message: readonly Buffer[]; length: number } {
  const message = [OPENING, id, MIDDLE, payload, CLOSING];
  const size = message.reduce((sum, part) => sum + part.length, 0);
  const header = headerOf(size);
  return { header, message, length: header.length + size };
}

function headerOf(size: number): Buffer {
  if (size < 126) return Buffer.from([TEXT_FRAME, size]);
  if (size < 65_536) return Buffer.from([TEXT_FRAME, 126, size >>> 8, size & 0xff]);
  const header = Buffer.alloc(10);
  header.writeUInt8(TEXT_FRAME, 0);
  header.writeUInt8(127, 1);
  header.writeBigUInt64BE(BigInt(size), 2);
  return header;
}
