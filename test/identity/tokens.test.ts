import { hashToken, isSameHash, newApiKey, newPublicKey, newToken, readCredential } from '../../src/identity/tokens';

describe('readCredential', () => {
  it.each([
    '',
    'bat_u_',
    newToken('VISITOR_RESUME'),
    newPublicKey(),
    `${newToken('USER_SESSION')}x`,
    newToken('USER_SESSION').slice(0, -1),
    newToken('USER_SESSION').replace('bat_u_', 'bat_x_'),
    newToken('USER_SESSION').toUpperCase(),
    `${newApiKey().prefix}_short`,
    `${newApiKey().key}\n`,
  ])('knows %j for no credential', (text) => {
    expect(readCredential(text)).toBeNull();
  });

  it.each(['USER_SESSION', 'VISITOR_SESSION'] as const)('tells a %s token and its hash', (kind) => {
    const token = newToken(kind);
    expect(readCredential(token)).toEqual({ kind, hash: hashToken(token) });
  });

  it('tells an API key, its prefix and its hash', () => {
    const { prefix, key } = newApiKey();
    expect(readCredential(key)).toEqual({ kind: 'API_KEY', prefix, hash: hashToken(key) });
  });
});

it('no two tokens are the same', () => {
  const tokens = Array.from({ length: 100 }, () => newToken('USER_SESSION'));
  expect(new Set(tokens).size).toBe(100);
});

it('hashes are the same only when every byte is', () => {
  expect(isSameHash(hashToken('a'), hashToken('a'))).toBe(true);
  expect(isSameHash(hashToken('a'), hashToken('b'))).toBe(false);
  expect(isSameHash(hashToken('a'), hashToken('a').subarray(1))).toBe(false);
});
