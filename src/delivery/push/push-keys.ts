import { createECDH, ECDH } from 'node:crypto';
import { generateVAPIDKeys } from 'web-push';

/** Both in base64url without padding: a 65-byte point and a 32-byte number. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

const CURVE = 'prime256v1';

/** A new key pair by which push services know this server. Changing it makes every subscription useless. */
export function generateVapidKeys(): VapidKeys {
  return generateVAPIDKeys();
}

/** True when the public key belongs to the private one; a pair that does not is refused by every push service. */
export function isVapidPair({ publicKey, privateKey }: VapidKeys): boolean {
  const secret = fromBase64Url(privateKey);
  const point = fromBase64Url(publicKey);
  if (secret?.length !== 32 || point?.length !== 65) return false;
  try {
    const pair = createECDH(CURVE);
    pair.setPrivateKey(secret);
    return pair.getPublicKey().equals(point);
  } catch {
    // OpenSSL refuses a private key of zero or above the order of the curve.
    return false;
  }
}

/**
 * True when a browser's subscription keys can be used: `p256dh` is an uncompressed point on P-256, `auth` is 16 bytes,
 * both base64url as PushSubscription.toJSON() gives them. A point off the curve would fail only at the first push.
 */
export function checkPushKeys(p256dh: string, auth: string): boolean {
  const point = fromBase64Url(p256dh);
  return point !== null && isPointOnCurve(point) && fromBase64Url(auth)?.length === 16;
}

function isPointOnCurve(point: Buffer): boolean {
  if (point.length !== 65 || point[0] !== 4) return false;
  try {
    ECDH.convertKey(point, CURVE);
    return true;
  } catch {
    return false;
  }
}

/** Strict: Buffer.from skips characters that it does not know, so garbage would pass for a key. */
function fromBase64Url(text: string): Buffer | null {
  return /^[A-Za-z0-9_-]{1,100}={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : null;
}
