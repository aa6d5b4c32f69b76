import { randomBytes } from 'node:crypto';
import { createSecretBox } from '../../src/identity/secret-box';

const [one, two] = [randomBytes(32), randomBytes(32)];
const box = createSecretBox([one]);
const PLACE = 'agents.responder_secret/1';
const SECRET = 'sk-näive-鍵';

describe('createSecretBox', () => {
  it.each([
    ['no key', []],
    ['a key of 31 bytes', [one, Buffer.alloc(31)]],
  ])('refuses %s', (_name, keys) => {
    expect(() => createSecretBox(keys)).toThrow(/key/);
  });
});

describe('open', () => {
  const sealed = box.seal(SECRET, PLACE);

  it('with another key gives nothing', () => {
    expect(createSecretBox([two]).open(sealed, PLACE)).toBeNull();
  });

  it('for another row or column gives nothing', () => {
    for (const place of ['agents.responder_secret/2', 'server_secrets.value/1', '']) {
      expect(box.open(sealed, place)).toBeNull();
    }
  });

  it('of a text in which any one character was changed gives nothing', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'Q' : 'A';
      expect(box.open(sealed.slice(0, at) + other + sealed.slice(at + 1), PLACE)).toBeNull();
    }
  });

  it('of a key id that was exchanged for that of another known key gives nothing', () => {
    const both = createSecretBox([two, one]);
    const [, , id = ''] = sealed.split(':');
    const [, , otherId = ''] = both.prefix.split(':');
    expect(both.open(sealed, PLACE)).toBe(SECRET);
    expect(both.open(sealed.replace(id, otherId), PLACE)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['clear text', 'sk-1'],
    ['a text that was cut off', sealed.slice(0, -1)],
    ['a text with something behind it', `${sealed}\n`],
    ['no more than the prefix', box.prefix],
    ['less than an authentication tag', `${box.prefix}${'A'.repeat(16)}:${'A'.repeat(21)}`],
    ['another version', sealed.replace('v1', 'v2')],
  ])('of %s gives nothing', (_name, text) => {
    expect(box.open(text, PLACE)).toBeNull();
  });

  it.each(['', 'x', SECRET, 'y'.repeat(10_000)])('gives back what was sealed', (clear) => {
    expect(box.open(box.seal(clear, PLACE), PLACE)).toBe(clear);
  });
});

describe('seal', () => {
  it('uses a new nonce each time, and shows nothing of the text', () => {
    const texts = Array.from({ length: 100 }, () => box.seal(SECRET, PLACE));
    const nonces = texts.map((text) => text.split(':')[3]);
    expect(new Set(nonces).size).toBe(100);
    for (const text of texts) {
      expect(Buffer.from(text.split(':')[4]!, 'base64url').toString('utf8')).not.toContain('sk-');
      expect(text.startsWith(box.prefix)).toBe(true);
      expect(box.isSealed(text)).toBe(true);
    }
  });

  it('after a rotation uses the first key; the others still open', () => {
    const rotated = createSecretBox([two, one]);
    expect(rotated.open(box.seal(SECRET, PLACE), PLACE)).toBe(SECRET);
    const fresh = rotated.seal(SECRET, PLACE);
    expect(box.open(fresh, PLACE)).toBeNull();
    expect(createSecretBox([two]).open(fresh, PLACE)).toBe(SECRET);
  });

  it('shows nothing of the key in the key id', () => {
    const [, , id = ''] = box.prefix.split(':');
    expect(one.toString('hex')).not.toContain(id);
    expect(createSecretBox([two]).prefix).not.toBe(box.prefix);
  });
});

describe('isSealed', () => {
  it('takes no clear text for a sealed one', () => {
    for (const text of ['', 'sk-1', 'sealed:v1:', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '{"publicKey":"B"}']) {
      expect(box.isSealed(text)).toBe(false);
    }
  });
});
