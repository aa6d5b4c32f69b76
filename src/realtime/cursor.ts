const VERSION = 1;
const BYTES = 13;

/** A place in one log. `log` is the first 8 hex digits of its id: enough to recognise a cursor of another database. */
export interface CursorPlace {
  readonly log: string;
  readonly position: number;
}

export function encodeCursor(logId: string, position: number): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUInt8(VERSION, 0);
  bytes.write(shortLogId(logId), 1, 'hex');
  bytes.writeBigUInt64BE(BigInt(position), 5);
  return bytes.toString('base64url');
}

/** Null for anything that `encodeCursor` would not have written, character by character. */
export function decodeCursor(cursor: string): CursorPlace | null {
  if (!/^[\w-]{18}$/.test(cursor)) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  // The last of the 18 characters has unused bits: without this, four texts would mean one place.
  if (bytes.length !== BYTES || bytes.toString('base64url') !== cursor || bytes.readUInt8(0) !== VERSION) return null;
  const position = Number(bytes.readBigUInt64BE(5));
  return Number.isSafeInteger(position) ? { log: bytes.toString('hex', 1, 5), position } : null;
}

export function isOfLog(place: CursorPlace, logId: string): boolean {
  return place.log === shortLogId(logId);
}

function shortLogId(logId: string): string {
  return logId.slice(0, 8);
}
