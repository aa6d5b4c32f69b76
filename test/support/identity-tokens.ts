import { createHmac, randomUUID } from 'node:crypto';

/** A JWT as a partner's back end may write it, by hand: no library says no to what an attacker would send. */
export function signIdentity(
  secret: string,
  claims: unknown,
  options: { readonly header?: object; readonly hash?: string } = {},
): string {
  const { header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256' } = options;
  const unsigned = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${unsigned}.${createHmac(hash, secret).update(unsigned).digest('base64url')}`;
}

/** Good claims for an agent: of a new person, for a minute from now on. */
export function identityClaims(publicKey: string, change: object = {}): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000);
  return { sub: randomUUID(), aud: publicKey, iat, exp: iat + 60, jti: randomUUID(), ...change };
}
