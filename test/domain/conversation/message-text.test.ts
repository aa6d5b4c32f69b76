import {
  checkMessageText,
  checkNonce,
  checkOptionalText,
  MAX_MESSAGE_CODE_POINTS,
} from '../../../src/domain/conversation/message-text';

const emoji = '\u{1F600}';

describe('checkMessageText', () => {
  it.each([
    ['empty', ''],
    ['blank', ' \n\t\u00a0'],
    ['with NUL', 'a\0b'],
    ['with a lone high surrogate', 'a\ud83d'],
    ['with a lone low surrogate', '\ude00a'],
    ['one letter too long', 'a'.repeat(MAX_MESSAGE_CODE_POINTS + 1)],
    ['one emoji too long', emoji.repeat(MAX_MESSAGE_CODE_POINTS + 1)],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('refuses a text that is %s', (_case, text) => {
    expect(checkMessageText(text, 'text')).toMatchObject([{ code: 'INVALID', path: ['text'] }]);
  });

  it.each([
    ['the longest in letters', 'a'.repeat(MAX_MESSAGE_CODE_POINTS)],
    ['the longest in emoji', emoji.repeat(MAX_MESSAGE_CODE_POINTS)],
    ['of several lines and scripts', ' Ünïcode\r\n\tعربي <b>** '],
  ])('takes a text that is %s', (_case, text) => {
    expect(checkMessageText(text, 'text')).toEqual([]);
  });
});

describe('checkOptionalText', () => {
  it.each(['a\0', '\ud83d', 'abcd', emoji.repeat(4)])('refuses %j with a limit of 3', (text) => {
    expect(checkOptionalText(text, 3, 'reason')).toMatchObject([{ code: 'INVALID', path: ['reason'] }]);
  });

  it.each([null, '', 'abc', emoji.repeat(3)])('takes %j with a limit of 3', (text) => {
    expect(checkOptionalText(text, 3, 'reason')).toEqual([]);
  });
});

describe('checkNonce', () => {
  it.each(['', 'a'.repeat(201), 'ümlaut', 'line\nbreak', 'a\0'])('refuses %j', (nonce) => {
    expect(checkNonce(nonce, 'clientNonce')).toMatchObject([{ code: 'INVALID', path: ['clientNonce'] }]);
  });

  it.each(['a', 'a'.repeat(200), '6f1c: ~'])('takes %j', (nonce) => {
    expect(checkNonce(nonce, 'clientNonce')).toEqual([]);
  });
});
