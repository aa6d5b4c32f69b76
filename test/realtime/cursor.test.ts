import { randomUUID } from 'node:crypto';
import { decodeCursor, encodeCursor } from '../../src/realtime/cursor';

describe('cursor', () => {
  const logId = randomUUID();
  const good = encodeCursor(logId, 7);

  test.each([
    ['empty', ''],
    ['a number', '7'],
    ['padded', `${good}==`],
    ['one character short', good.slice(0, -1)],
    ['one character long', `${good}A`],
    ['of another alphabet', `+${good.slice(1)}`],
    ['with unused bits set', good.slice(0, -1) + String.fromCharCode(good.charCodeAt(17) + 1)],
    [
      'of another version',
      Buffer.concat([Buffer.from([2]), Buffer.from(good, 'base64url').subarray(1)]).toString('base64url'),
    ],
    [
      'with a position that no number holds',
      Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.alloc(8, 255)]).toString('base64url'),
    ],
    ['with NUL', '\0'.repeat(18)],
  ])('decodeCursor refuses one that is %s', (_name, cursor) => {
    expect(decodeCursor(cursor)).toBeNull();
  });

  test.each([0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER])('place %d survives encoding', (position) => {
    expect(decodeCursor(encodeCursor(logId, position))).toEqual({ log: logId.slice(0, 8), position });
  });
});
