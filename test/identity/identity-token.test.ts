import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { type IdentityCheck, readIdentityToken } from '../../src/identity/identity-token';
import { identityClaims, signIdentity } from '../support/identity-tokens';

const SECRET = 'bat_s_present';
const FORMER = 'bat_s_former';
const AUDIENCE = 'pk_agent';
const NOW = new Date('2027-01-01T00:00:00.900Z');
const seconds = Math.floor(NOW.getTime() / 1000);

const claims = (change: object = {}): Record<string, unknown> =>
  identityClaims(AUDIENCE, { sub: 'ana', iat: seconds, exp: seconds + 60, jti: 'once', ...change });
const read = (token: string, change: Partial<IdentityCheck> = {}): ReturnType<typeof readIdentityToken> =>
  readIdentityToken(token, { secrets: [SECRET, FORMER], audience: AUDIENCE, now: NOW, ...change });
const signed = (change: object): string => signIdentity(SECRET, claims(change));
const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const unsigned = `${encoded({ alg: 'none' })}.${encoded(claims())}.`;

function signedWithRsa(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = `${encoded({ alg: 'RS256' })}.${encoded(claims())}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

function signText(json: string): string {
  const text = `${encoded({ alg: 'HS256' })}.${Buffer.from(json).toString('base64url')}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

const INVALID: Record<string, () => string> = {
  'an empty text': () => '',
  'no JWT': () => 'hello',
  'five parts, which are encrypted': () => 'a.b.c.d.e',
  'NUL and halves of characters': () => '\0.\ud800.\0',
  'a megabyte': () => signed({ name: 'x'.repeat(1_000_000) }),
  'alg none': () => unsigned,
  'alg none, and a signature': () => signIdentity(SECRET, claims(), { header: { alg: 'none' } }),
  'alg None': () => signIdentity(SECRET, claims(), { header: { alg: 'None' } }),
  'no alg': () => signIdentity(SECRET, claims(), { header: { typ: 'JWT' } }),
  HS512: () => signIdentity(SECRET, claims(), { header: { alg: 'HS512' }, hash: 'sha512' }),
  RS256: signedWithRsa,
  'a key of its own in the header': () =>
    signIdentity('mine', claims(), { header: { alg: 'HS256', jwk: { kty: 'oct', k: encoded('mine') } } }),
  'an extension that must be understood': () =>
    signIdentity(SECRET, claims(), { header: { alg: 'HS256', crit: ['b64'], b64: false } }),
  "another agent's secret": () => signIdentity('bat_s_other', claims()),
  'an empty secret': () => signIdentity('', claims()),
  'a signature that was cut': () => signed({}).slice(0, -4),
  'claims that were changed afterwards': () => {
    const [header, , signature] = signed({}).split('.');
    return `${header!}.${encoded(claims({ sub: 'eva' }))}.${signature!}`;
  },
  'claims that are a list': () => signIdentity(SECRET, [claims()]),
  'claims that are a text': () => signIdentity(SECRET, 'ana'),
  'claims that are null': () => signIdentity(SECRET, null),
  'another audience': () => signed({ aud: 'pk_other' }),
  'no audience': () => signed({ aud: undefined }),
  'no sub': () => signed({ sub: undefined }),
  'a sub that is null': () => signed({ sub: null }),
  'a sub that is a number': () => signed({ sub: 7 }),
  'a blank sub': () => signed({ sub: ' ' }),
  'a sub with NUL': () => signed({ sub: 'a\0' }),
  'a sub with half a character': () => signed({ sub: '\ud800' }),
  'a long sub': () => signed({ sub: 'x'.repeat(256) }),
  'no jti': () => signed({ jti: undefined }),
  'an empty jti': () => signed({ jti: '' }),
  'a jti that is an object': () => signed({ jti: {} }),
  'no exp': () => signed({ exp: undefined }),
  'an exp that is a text': () => signed({ exp: String(seconds + 60) }),
  // JSON can hold what JavaScript reads as Infinity.
  'an endless exp': () => signText(JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e999')),
  'six minutes of life': () => signed({ exp: seconds + 360 }),
  'six minutes of life, without iat': () => signed({ iat: undefined, exp: seconds + 360 }),
  'six minutes of life, most of them over': () => signed({ iat: seconds - 300, exp: seconds + 60 }),
  'a beginning to come': () => signed({ nbf: seconds + 31 }),
  'an iat to come': () => signed({ iat: seconds + 31, exp: seconds + 200 }),
  'an iat that is a text': () => signed({ iat: 'now' }),
  'a name that is a number': () => signed({ name: 7 }),
  'an e-mail address that is a list': () => signed({ email: ['a@example.com'] }),
};

describe('readIdentityToken — what is refused', () => {
  it.each(Object.entries(INVALID))('%s', async (_what, token) => {
    expect(await read(token())).toMatchObject({ isExpired: false, message: expect.stringMatching(/not accepted/) });
  });

  it('everything, where the agent has no secret, with what to do', async () => {
    const answer = await read(signed({}), { secrets: [] });
    expect(answer).toMatchObject({ isExpired: false, message: expect.stringContaining('rotateIdentitySecret') });
  });

  it('an expired one as expired, past the leeway of 30 seconds', async () => {
    expect(await read(signed({ iat: undefined, exp: seconds - 30 }))).toMatchObject({ isExpired: true });
    expect(await read(signed({ iat: undefined, exp: seconds - 29 }))).toMatchObject({ externalId: 'ana' });
  });

  it('an expired one that nobody of ours signed as invalid: what it says is not looked at', async () => {
    const token = signIdentity('bat_s_other', claims({ exp: seconds - 100 }));
    expect(await read(token)).toMatchObject({ isExpired: false });
  });
});

describe('readIdentityToken — what is accepted', () => {
  it('reads who it is, and until when the token could be shown again', async () => {
    const token = signed({ name: 'Ana', email: 'ana@example.com', locale: 'es', exp: seconds + 60.5, more: { a: 1 } });
    expect(await read(token)).toEqual({
      externalId: 'ana',
      name: 'Ana',
      email: 'ana@example.com',
      locale: 'es',
      tokenHash: expect.any(Buffer) as Buffer,
      expiresAt: new Date((seconds + 61 + 30) * 1000),
    });
  });

  it.each<[string, string]>([
    ['five minutes of life', signed({ exp: seconds + 300 })],
    ['no iat, which is optional', signed({ iat: undefined, exp: seconds + 300 })],
    ['the agent among other audiences', signed({ aud: ['pk_other', AUDIENCE] })],
    ['the former secret', signIdentity(FORMER, claims())],
    ['a clock that is half a minute ahead', signed({ iat: seconds + 30, nbf: seconds + 30, exp: seconds + 330 })],
    ['claims that are null', signed({ name: null, email: null, locale: null })],
  ])('%s', async (_what, token) => {
    expect(await read(token)).toMatchObject({ externalId: 'ana' });
  });
});
