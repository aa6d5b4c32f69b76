import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The prefix tells people (and secret scanners) what they have found, and the server where to look it up. */
const PREFIXES = {
  USER_SESSION: 'bat_u_',
  VISITOR_SESSION: 'bat_v_',
  VISITOR_RESUME: 'bat_r_',
  /** Signs identity tokens; the whole text is the key. */
  IDENTITY_SECRET: 'bat_s_',
} as const;
const SECRET_BYTES = 32;
const API_KEY = /^(bat_k_[0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

export type TokenKind = keyof typeof PREFIXES;

/** A credential that can be sent in `Authorization: Bearer`. */
export type Credential =
  | { readonly kind: 'USER_SESSION' | 'VISITOR_SESSION'; readonly hash: Buffer }
  | { readonly kind: 'API_KEY'; readonly prefix: string; readonly hash: Buffer };

/** A new opaque token of 256 random bits. */
export function newToken(kind: TokenKind): string {
  return PREFIXES[kind] + randomBytes(SECRET_BYTES).toString('base64url');
}

/** A new API key: `prefix` may be shown for ever, `key` (the whole of it) once. With a prefix, another key of that one. */
export function newApiKey(prefix = `bat_k_${randomBytes(6).toString('hex')}`): { prefix: string; key: string } {
  return { prefix, key: `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

/** What a widget embeds to name its agent. It is no secret, only hard to guess. */
export function newPublicKey(): string {
  return `pk_${randomBytes(18).toString('base64url')}`;
}

/** What is stored of a token. A plain SHA-256 is enough: 256 random bits cannot be guessed, however fast one hashes. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** What kind of credential a bearer token is; null for everything that this server never gave out. */
export function readCredential(token: string): Credential | null {
  if (isToken('USER_SESSION', token)) return { kind: 'USER_SESSION', hash: hashToken(token) };
  if (isToken('VISITOR_SESSION', token)) return { kind: 'VISITOR_SESSION', hash: hashToken(token) };
  const prefix = API_KEY.exec(token)?.[1];
  return prefix === undefined ? null : { kind: 'API_KEY', prefix, hash: hashToken(token) };
}

export function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function isToken(kind: TokenKind, token: string): boolean {
  const prefix = PREFIXES[kind];
  return token.startsWith(prefix) && /^[A-Za-z0-9_-]{43}$/.test(token.slice(prefix.length));
}
