import type { Refusal } from '../../../src/domain/refusal';
import { checkColour } from '../../../src/domain/validation/colour';
import { checkEmail } from '../../../src/domain/validation/email';
import { canonicalLocale, checkLocale } from '../../../src/domain/validation/locale';
import { checkName, checkOptionalName } from '../../../src/domain/validation/name';
import { checkPassword } from '../../../src/domain/validation/password';
import { checkSlug, freeSlug, slugOf } from '../../../src/domain/validation/slug';
import { checkOptionalText, checkText, countCodePoints } from '../../../src/domain/validation/text';
import { checkTimeZone } from '../../../src/domain/validation/time-zone';
import { checkOrigin, checkWebAddress } from '../../../src/domain/validation/web-address';

interface Rule {
  readonly rule: string;
  readonly check: (value: string, ...path: string[]) => Refusal[];
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

const longLabel = 'a'.repeat(63);

const rules: Rule[] = [
  {
    rule: 'a name',
    check: checkName,
    refused: [
      '',
      ' \t ',
      '\u200b\u2060',
      'a'.repeat(201),
      'a\nb',
      'a\0b',
      'a\u2028b',
      'a\u0085b',
      '\ud800',
      'x\udc00',
      'a\u202eb',
      'a\u2066b\u2069',
    ],
    accepted: ['a', ' Ana ', 'a'.repeat(200), '😀'.repeat(200), 'Jean-Luc O’Neil, Jr.', 'محمد', '👩‍👩‍👧', 'Zoë\u0301'],
  },
  {
    rule: 'a text of at most 10',
    check: (value, ...path) => checkText(value, 10, ...path),
    refused: ['', '\n \n', 'a\0', 'a\ud83d', 'x'.repeat(11), '😀'.repeat(11), 'x'.repeat(1_000_000)],
    accepted: ['a\nb\tc', 'x'.repeat(10), '😀'.repeat(10), '<b>'],
  },
  {
    rule: 'an optional text of at most 10',
    check: (value, ...path) => checkOptionalText(value, 10, ...path),
    refused: ['\0', '\udfff', 'x'.repeat(11)],
    accepted: ['', ' ', 'x'],
  },
  {
    rule: 'an e-mail address',
    check: checkEmail,
    refused: [
      '',
      'ana',
      '@example.com',
      '=?utf-8?b?PA==?=ana@example.com',
      'ana@',
      'ana@localhost',
      'ana@exam ple.com',
      'ana@example.com, ben@example.com',
      'ana@example.com\nBcc: ben@example.com',
      'Ana <ana@example.com>',
      '"a b"@example.com',
      'a..b@example.com',
      '.a@example.com',
      'ana@-example.com',
      'ana@example.c0m-',
      'ana@example..com',
      'ana@[127.0.0.1]',
      'ana@127.0.0.1',
      'a@b@example.com',
      'ána@example.com',
      `${'a'.repeat(65)}@example.com`,
      `a@${longLabel}a.com`,
      `a@${`${longLabel}.`.repeat(4)}com`,
    ],
    accepted: [
      ' ana@example.com ',
      'a+b.c_d@sub.example.co.uk',
      "o'neil@example.com",
      'a@xn--mnchen-3ya.de',
      `${'a'.repeat(64)}@${longLabel}.com`,
    ],
  },
  {
    rule: 'a web address',
    check: checkWebAddress,
    refused: [
      '',
      '/logo.png',
      '//example.com',
      'example.com',
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://example.com',
      'https:example.com',
      'https://',
      'https://user@example.com',
      'https://user:pw@example.com',
      'https://example.com/a b',
      'https://example.com/\n',
      ' https://example.com',
      'https://example.com/"onload="x',
      'https://example.com/<script>',
      'https://example.com\\evil',
      `https://example.com/${'a'.repeat(2048)}`,
    ],
    accepted: [
      'https://example.com',
      'http://localhost:3000/a?b=c#d',
      'HTTPS://EXAMPLE.COM/é',
      'https://münchen.example',
    ],
  },
  {
    rule: 'an origin',
    check: checkOrigin,
    refused: [
      'null',
      '*',
      'https://example.com/',
      'https://example.com/a',
      'https://Example.com',
      'https://example.com:443',
      'ws://example.com',
    ],
    accepted: ['https://example.com', 'http://localhost:3000', 'https://xn--mnchen-3ya.example'],
  },
  {
    rule: 'a colour',
    check: checkColour,
    refused: ['', 'red', '#fff', '#12345g', '#1234567', '#123456;x'],
    accepted: ['#0a7cff', '#FFFFFF'],
  },
  {
    rule: 'a language tag',
    check: checkLocale,
    refused: ['', 'e', 'en_US', 'english!', 'x'.repeat(36)],
    accepted: ['en', 'es-MX', 'PT-br', 'zh-Hant-TW'],
  },
  {
    rule: 'a time zone',
    check: checkTimeZone,
    refused: ['', '+02:00', 'Mars/Olympus', 'Europe/Madrid ', 'Europe//Madrid', 'UTC+1'],
    accepted: ['UTC', 'Europe/Madrid', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'],
  },
  {
    rule: 'a slug',
    check: checkSlug,
    refused: ['', 'A', 'a b', '-a', 'a-', 'a--b', 'é', 'a/b', 'a'.repeat(61)],
    accepted: ['a', '1-2-b', 'a'.repeat(60)],
  },
  {
    rule: 'a password',
    check: checkPassword,
    refused: ['', 'x'.repeat(9), '😀'.repeat(9), 'x'.repeat(1001), '12345678\ud800x', '123456789\0'],
    accepted: ['x'.repeat(10), ' '.repeat(10), 'pass word with spaces', '😀'.repeat(1000)],
  },
];

describe.each(rules)('$rule', ({ check, refused, accepted }) => {
  it.each(refused)('must not be %j', (value) => {
    expect(check(value, 'some', 'field')).toEqual([
      { code: 'INVALID', message: expect.any(String), path: ['some', 'field'] },
    ]);
  });

  it.each(accepted)('may be %j', (value) => {
    expect(check(value, 'field')).toEqual([]);
  });
});

it('an optional name may be missing, but not blank', () => {
  expect(checkOptionalName(null, 'name')).toEqual([]);
  expect(checkOptionalName(undefined, 'name')).toEqual([]);
  expect(checkOptionalName(' ', 'name')).toHaveLength(1);
});

it('lengths are counted in code points', () => {
  expect(countCodePoints('')).toBe(0);
  expect(countCodePoints('a😀é')).toBe(3);
});

it('a language tag is brought to its usual spelling, and what is none to null', () => {
  expect(canonicalLocale('PT-br')).toBe('pt-BR');
  expect(canonicalLocale('pt_BR')).toBeNull();
});

describe('slugOf', () => {
  it.each([
    ['Café Olé & Co.', 'cafe-ole-co'],
    ['  --Hello--  ', 'hello'],
    ['東京', 'organization'],
    ['', 'organization'],
    ['x'.repeat(300), 'x'.repeat(50)],
    [`${'x'.repeat(49)} y`, 'x'.repeat(49)],
  ])('makes of %j the slug %j, which is valid', (name, slug) => {
    expect(slugOf(name, 'organization')).toBe(slug);
    expect(checkSlug(slug)).toEqual([]);
  });

  it('counts up past what is taken', () => {
    expect(freeSlug('a', new Set())).toBe('a');
    expect(freeSlug('a', new Set(['b', 'a-2']))).toBe('a');
    expect(freeSlug('a', new Set(['a', 'a-2', 'a-4']))).toBe('a-3');
  });
});
