import { createPasswordHasher } from '../../src/identity/password-hasher';

const passwords = createPasswordHasher({ cost: 16 });

describe('a password hash', () => {
  it('is refused for any other password, and for an account that does not exist', async () => {
    const stored = await passwords.hash('correct horse');
    expect(await passwords.verify('correct horsf', stored)).toBe(false);
    expect(await passwords.verify('', stored)).toBe(false);
    expect(await passwords.verify('correct horse', null)).toBe(false);
  });

  it('that is not in our format is an error, not a wrong password', async () => {
    await expect(passwords.verify('x', '$2b$12$abc')).rejects.toThrow('not in the format');
  });

  it('holds its own parameters, so that it can be verified after the cost was raised', async () => {
    const stored = await passwords.hash('correct horse');
    expect(stored).toMatch(/^scrypt\$n=16,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await createPasswordHasher({ cost: 32 }).verify('correct horse', stored)).toBe(true);
  });

  it('differs each time, and is the same password however é was typed', async () => {
    const stored = await passwords.hash('caf\u00e9 latte');
    expect(await passwords.hash('caf\u00e9 latte')).not.toBe(stored);
    expect(await passwords.verify('cafe\u0301 latte', stored)).toBe(true);
  });

  it('costs 2^17 unless told otherwise', async () => {
    const strong = createPasswordHasher();
    const stored = await strong.hash('correct horse');
    expect(stored).toContain('n=131072,r=8,p=1');
    expect(await strong.verify('correct horse', stored)).toBe(true);
  });

  it('waits its turn: many at once all finish, also after one has failed', async () => {
    const stored = await passwords.hash('correct horse');
    const attempts = Array.from({ length: 20 }, (_, index) =>
      passwords.verify('correct horse', index % 5 === 0 ? 'broken' : stored),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(16);
  });
});
