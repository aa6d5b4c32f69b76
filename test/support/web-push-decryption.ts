import { createDecipheriv, createPublicKey, hkdfSync, verify, type ECDH } from 'node:crypto';

/** The browser's half of a subscription. */
export interface BrowserKeys {
  ecdh: ECDH;
  auth: Buffer;
}

/** Opens an aes128gcm message (RFC 8188, keys by RFC 8291) as a browser does. Throws when it was not made for these keys. */
export function decryptPush(message: Buffer, { ecdh, auth }: BrowserKeys): string {
  const salt = message.subarray(0, 16);
  const recordSize = message.readUInt32BE(16);
  const senderKey = message.subarray(21, 21 + message.readUInt8(20));
  const record = message.subarray(21 + senderKey.length);
  if (record.length > recordSize) throw new Error('A push has one record, and this one is longer than it says.');

  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey]);
  const inputKey = derive(ecdh.computeSecret(senderKey), auth, keyInfo, 32);
  const contentKey = derive(inputKey, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(inputKey, salt, Buffer.from('Content-Encoding: nonce\0'), 12);

  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const delimiter = padded.findLastIndex((byte) => byte !== 0);
  if (padded[delimiter] !== 2) throw new Error('The last record of a push ends with the delimiter 2.');
  return padded.subarray(0, delimiter).toString('utf8');
}

/** What the VAPID header (RFC 8292) says, and whether it would be accepted. */
export interface VapidClaims {
  /** Signature, audience and expiry are right, and the key is the one that the subscription was made for. */
  valid: boolean;
  publicKey: string;
  audience: string;
  subject: string;
  expiresAt: Date;
}

/** Reads and checks `Authorization: vapid t=…, k=…`; null when there is none. */
export function readVapid(
  header: string | undefined,
  expected: { audience: string; publicKey: string | null },
): VapidClaims | null {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(header ?? '');
  if (match === null) return null;
  const [, head = '', body = '', signature = '', publicKey = ''] = match;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as {
    aud: string;
    exp: number;
    sub: string;
  };
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as { alg: string };
  const secondsLeft = claims.exp - Date.now() / 1000;
  const valid =
    alg === 'ES256' &&
    isSigned(`${head}.${body}`, signature, publicKey) &&
    claims.aud === expected.audience &&
    secondsLeft > 0 &&
    secondsLeft <= 24 * 60 * 60 &&
    (expected.publicKey === null || expected.publicKey === publicKey);
  return { valid, publicKey, audience: claims.aud, subject: claims.sub, expiresAt: new Date(claims.exp * 1000) };
}

function isSigned(signed: string, signature: string, publicKey: string): boolean {
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33, 65)].map((part) => part.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  return verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

function derive(key: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, length));
}
