import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Of RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, reserved: 3, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  /** False: more of the message follows. True unless told. */
  readonly isFinal?: boolean;
  /** Says that an extension has changed the payload, as compression does. */
  readonly isReserved?: boolean;
  /** A client has to. True unless told. */
  readonly isMasked?: boolean;
  /** In place of the payload's own length. */
  readonly claimedLength?: number;
}

/** A WebSocket by hand, which sends what no library would. */
export interface RawSocket {
  /** Texts that came, in order. */
  readonly texts: readonly string[];
  send(...frames: Frame[]): void;
  write(bytes: Buffer): void;
  /** The code of the server's close frame; null when the connection ended without one. */
  readonly closed: Promise<number | null>;
  destroy(): void;
}

export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port, pathname, host } = new URL(url);
  const tcp = connect(Number(port), hostname);
  await once(tcp, 'connect');
  tcp.on('error', () => undefined);
  tcp.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const head = await readHead(tcp);
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`No upgrade: ${head}`);
  const texts: string[] = [];
  let code: number | null = null;
  let buffered = Buffer.alloc(0);
  tcp.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = takeFrame(buffered); frame !== null; frame = takeFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode === OPCODE.text) texts.push(frame.payload.toString());
      if (frame.opcode === OPCODE.close) code = frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005;
      if (frame.opcode === OPCODE.close) tcp.end(encode({ opcode: OPCODE.close, payload: frame.payload }));
    }
  });
  return {
    texts,
    send: (...frames) => tcp.write(Buffer.concat(frames.map(encode))),
    write: (bytes) => tcp.write(bytes),
    closed: once(tcp, 'close').then(() => code),
    destroy: () => tcp.destroy(),
  };
}

async function readHead(tcp: Socket): Promise<string> {
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    await once(tcp, 'readable');
    for (let byte = tcp.read(1) as Buffer | null; byte !== null; byte = tcp.read(1) as Buffer | null) {
      head += byte.toString('latin1');
      if (head.endsWith('\r\n\r\n')) break;
    }
  }
  return head;
}

function encode({
  opcode,
  payload = '',
  isFinal = true,
  isReserved = false,
  isMasked = true,
  claimedLength,
}: Frame): Buffer {
  const bytes = Buffer.from(payload);
  const length = claimedLength ?? bytes.length;
  const head = Buffer.alloc(length > 65_535 ? 10 : length > 125 ? 4 : 2);
  head[0] = (isFinal ? 0x80 : 0) | (isReserved ? 0x40 : 0) | opcode;
  const mask = isMasked ? 0x80 : 0;
  if (length > 65_535) {
    head[1] = mask | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  } else if (length > 125) {
    head[1] = mask | 126;
    head.writeUInt16BE(length, 2);
  } else head[1] = mask | length;
  if (!isMasked) return Buffer.concat([head, bytes]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, bytes.map((byte, at) => byte ^ key[at % 4]!)]);
}

/** The first whole frame of what came; servers do not mask theirs. */
export function takeFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head) return null;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < head + size) return null;
  return { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(head, head + size), length: head + size };
}
