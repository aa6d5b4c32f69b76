import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { SecretBox } from '../domain/secrets';

const VERSION = 'sealed:v1';
const KEY_BYTES = 32;
/** Of GCM. Random ones of 96 bits are safe for some 2^32 secrets a key, and an installation has thousands. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^sealed:v1:([0-9a-f]{16}):([\w-]{16}):([\w-]{22,})$/;

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * AES-256-GCM under keys of 32 bytes: the first seals, all open. The text is
 * `sealed:v1:<key id>:<nonce>:<ciphertext and tag>`, binary parts in base64url. Version, key id and place are
 * authenticated together with the ciphertext.
 *
 * @throws Error when there is no key, or one of another length
 */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const known = keys.map(keyOf);
  const [first] = known;
  if (first === undefined) throw new Error('A secret box needs a key.');
  const byId = new Map(known.map((key) => [key.id, key]));
  return {
    prefix: `${VERSION}:${first.id}:`,
    seal: (clear, place) => seal(first, clear, place),
    open: (stored, place) => {
      const [, id = '', nonce = '', sealed = ''] = FORM.exec(stored) ?? [];
      const key = byId.get(id);
      return key === undefined ? null : open(key, decode(nonce), decode(sealed), place);
    },
    isSealed: (stored) => FORM.test(stored),
  };
}

/** A new key, in base64. */
export function newSecretKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function keyOf(bytes: Buffer): Key {
  if (bytes.length !== KEY_BYTES) throw new Error(`A key of a secret box has ${String(KEY_BYTES)} bytes.`);
  // Tells keys apart without telling anything about them: the key itself has 256 random bits.
  const id = createHash('sha256').update('baton secret key id\0').update(bytes).digest('hex').slice(0, 16);
  return { id, bytes };
}

function seal(key: Key, clear: string, place: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bindingOf(key, place));
  const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, key.id, nonce.toString('base64url'), sealed.toString('base64url')].join(':');
}

function open(key: Key, nonce: Buffer, sealed: Buffer, place: string): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bindingOf(key, place));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const clear = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([clear, decipher.final()]).toString('utf8');
  } catch {
    // GCM has one answer to all that is wrong, and so has this function.
    return null;
  }
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

function bindingOf(key: Key, place: string): Buffer {
  return Buffer.from(`${VERSION}:${key.id}:${place}`, 'utf8');
}
