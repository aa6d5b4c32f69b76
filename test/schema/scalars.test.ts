import { type GraphQLScalarType, Kind } from 'graphql';
import {
  CursorScalar,
  DateTimeScalar,
  EmailAddressScalar,
  LocaleScalar,
  TimeZoneScalar,
  UrlScalar,
} from '../../src/schema/scalars';

describe('DateTime', () => {
  test.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T09:30:00',
    '2026-02-30T09:30:00Z',
    '2016-12-31T23:59:60Z',
    5,
    true,
    null,
  ])('refuses %j as a variable', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow();
  });

  test('refuses a literal that is no string or no instant', () => {
    expect(() => DateTimeScalar.parseLiteral({ kind: Kind.INT, value: '5' })).toThrow();
    expect(() => DateTimeScalar.parseLiteral({ kind: Kind.STRING, value: '2016-12-31T23:59:60Z' })).toThrow();
  });

  test('refuses to write an invalid Date', () => {
    expect(() => DateTimeScalar.serialize(new Date(Number.NaN))).toThrow();
  });

  test('reads an instant with an offset into a Date, and writes it in UTC', () => {
    const value = DateTimeScalar.parseValue('2026-03-01T10:30:00.5+01:00');
    expect(value).toEqual(new Date('2026-03-01T09:30:00.500Z'));
    expect(DateTimeScalar.serialize(value)).toBe('2026-03-01T09:30:00.500Z');
    expect(DateTimeScalar.parseLiteral({ kind: Kind.STRING, value: '2026-03-01T09:30:00.5Z' })).toEqual(value);
  });
});

const textScalars: [string, GraphQLScalarType<string, string>, number][] = [
  ['URL', UrlScalar, 2048],
  ['EmailAddress', EmailAddressScalar, 320],
  ['TimeZone', TimeZoneScalar, 255],
  ['Locale', LocaleScalar, 255],
  ['Cursor', CursorScalar, 512],
];

describe.each(textScalars)('%s', (name, scalar, limit) => {
  test('refuses what is no string', () => {
    for (const value of [5, true, {}, ['a'], null]) expect(() => scalar.parseValue(value)).toThrow(name);
    expect(() => scalar.parseLiteral({ kind: Kind.ENUM, value: 'EN' })).toThrow(name);
    expect(() => scalar.serialize(5)).toThrow(name);
  });

  test('refuses a text that is one character over its limit', () => {
    expect(() => scalar.parseValue('x'.repeat(limit + 1))).toThrow(String(limit));
    expect(() => scalar.parseLiteral({ kind: Kind.STRING, value: 'x'.repeat(limit + 1) })).toThrow(String(limit));
  });

  test('passes any other text through unchanged', () => {
    const text = 'x'.repeat(limit);
    expect(scalar.parseValue(text)).toBe(text);
    expect(scalar.parseLiteral({ kind: Kind.STRING, value: ' odd text ' })).toBe(' odd text ');
    expect(scalar.serialize(text)).toBe(text);
  });
});
