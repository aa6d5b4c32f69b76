import { createECDH, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { checkPushKeys, generateVapidKeys, isVapidPair } from '../../../src/delivery/push/push-keys';
import {
  encodePushPayload,
  MAX_PAYLOAD_BYTES,
  pushTopic,
  type PushPayload,
} from '../../../src/delivery/push/push-payload';
import { parseRetryAfter } from '../../../src/delivery/push/retry-after';

const ecdh = createECDH('prime256v1');
ecdh.generateKeys();
const point = ecdh.getPublicKey();
const p256dh = point.toString('base64url');
const auth = randomBytes(16).toString('base64url');
const changed = (change: (copy: Buffer) => void): string => {
  const copy = Buffer.from(point);
  change(copy);
  return copy.toString('base64url');
};

describe('checkPushKeys', () => {
  test.each([
    ['nothing', '', auth],
    ['a point off the curve', changed((copy) => copy.writeUInt8(copy.readUInt8(64) ^ 1, 64)), auth],
    ['all zeros', changed((copy) => copy.fill(0, 1)), auth],
    ['all ones', changed((copy) => copy.fill(255, 1)), auth],
    ['a wrong first byte', changed((copy) => copy.writeUInt8(5, 0)), auth],
    ['a compressed point', ecdh.getPublicKey('base64url', 'compressed'), auth],
    ['a hybrid point', ecdh.getPublicKey('base64url', 'hybrid'), auth],
    ['a byte less', point.subarray(0, 64).toString('base64url'), auth],
    ['a byte more', Buffer.concat([point, Buffer.from([0])]).toString('base64url'), auth],
    ['a key with a space', ` ${p256dh}`, auth],
    ['a key with a line break', `${p256dh}\n`, auth],
    ['no secret', p256dh, ''],
    ['a secret of 15 bytes', p256dh, randomBytes(15).toString('base64url')],
    ['a secret of 17 bytes', p256dh, randomBytes(17).toString('base64url')],
    ['a secret of other characters', p256dh, '!'.repeat(22)],
  ])('refuses %s', (_kind, key, secret) => {
    expect(checkPushKeys(key, secret)).toBe(false);
  });

  test('accepts what a browser makes, padded or not', () => {
    expect(checkPushKeys(p256dh, auth)).toBe(true);
    expect(checkPushKeys(`${p256dh}=`, `${auth}==`)).toBe(true);
  });
});

describe('VAPID keys', () => {
  test('a new pair belongs together, and two pairs do not mix', () => {
    const [one, two] = [generateVapidKeys(), generateVapidKeys()];
    expect(isVapidPair(one)).toBe(true);
    expect(isVapidPair({ publicKey: one.publicKey, privateKey: two.privateKey })).toBe(false);
    expect(isVapidPair({ publicKey: one.publicKey, privateKey: Buffer.alloc(32).toString('base64url') })).toBe(false);
  });
});

describe('encodePushPayload', () => {
  const payload: PushPayload = { title: 't', body: 'b', tag: 'g', url: null, kind: 'MESSAGE_RECEIVED' };
  const decode = (json: string): PushPayload => JSON.parse(json) as PushPayload;

  test('keeps what fits exactly and cuts one byte more', () => {
    const room = MAX_PAYLOAD_BYTES - Buffer.byteLength(JSON.stringify({ ...payload, body: '' }));
    expect(decode(encodePushPayload({ ...payload, body: 'x'.repeat(room) })).body).toBe('x'.repeat(room));
    expect(decode(encodePushPayload({ ...payload, body: 'x'.repeat(room + 1) })).body).toBe(`${'x'.repeat(room - 3)}…`);
  });

  test('cuts the title when the body alone is not enough, and drops an endless URL last', () => {
    const long = decode(encodePushPayload({ ...payload, title: '👍'.repeat(5000), body: 'b'.repeat(5000) }));
    expect(long).toMatchObject({ body: '', title: expect.stringMatching(/^👍+…$/u) });
    const endless = { ...payload, url: `https://dash.test/${'x'.repeat(5000)}` };
    expect(decode(encodePushPayload(endless))).toEqual({ ...payload, url: null });
  });

  test('always fits and always cuts between code points', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6000, size: 'max' });
    fc.assert(
      fc.property(text, text, (title, body) => {
        const json = encodePushPayload({ ...payload, title, body });
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
        const cut = decode(json);
        expect(cut.body === body || body.startsWith(cut.body.replace(/…$/, ''))).toBe(true);
        expect(cut.title + cut.body).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: 50 },
    );
  });
});

describe('pushTopic', () => {
  test.each(['a', 'A_b-9', 'x'.repeat(32)])('keeps %s', (topic) => expect(pushTopic(topic)).toBe(topic));

  test.each(['', 'x'.repeat(33), 'a b', 'a/b', 'ä', 'a\r\nX: y'])('hashes %j', (topic) => {
    expect(pushTopic(topic)).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('2030-05-06T07:08:09Z');
  const day = 86_400_000;
  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['2030', 2_030_000],
    ['0', 0],
    [' 30 ', 30_000],
    ['999999999999', day],
    ['Mon, 06 May 2030 07:08:39 GMT', 30_000],
    ['Monday, 06-May-30 07:08:39 GMT', 30_000],
    ['Mon, 06 May 2030 07:00:00 GMT', 0],
    ['Mon, 06 May 2041 07:00:00 GMT', day],
    ['Mon, 99 Nov 2030', null],
  ])('%j means %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
