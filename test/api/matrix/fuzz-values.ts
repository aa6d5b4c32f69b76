import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLScalarType,
} from 'graphql';

/** Values that have broken servers before, beside what a person would send. */
const TEXTS = [
  '',
  ' ',
  'Hello',
  'x'.repeat(9000),
  '\0',
  'a\0b',
  '\ud800',
  '\u202e',
  '\r\nBcc: a@example.com',
  "' or 1=1 --",
  '"; drop table users; --',
  '%',
  '\\',
  '{}',
  '__proto__',
  '<script>alert(1)</script>',
  '😀'.repeat(300),
  'v@example.com',
  'https://example.com/x',
  'http://[::1]:1/',
  'javascript:alert(1)',
  'Europe/Berlin',
  'de-DE',
  '23:59',
  '-1',
  '9999999999999999999999',
  '2026-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-00-00T00:00:00Z',
  '294277-01-01T00:00:00Z',
  'MTIzNDU2',
  'eyJhIjoxfQ',
];
const NUMBERS = [0, 1, -1, 100, 101, 2_147_483_647, -2_147_483_648];
/** Of a wrong type, which the server has to say. */
const ILL_TYPED = [0, -0.5, 1e308, 2_147_483_648, true, 'x', [], [[]], {}, { __proto__: null, x: 1 }, [null], null];

/** Variables for the arguments of a field: mostly well typed, and now and then not. */
export function variablesOf(args: readonly GraphQLArgument[], ids: readonly string[]): fc.Arbitrary<object> {
  return fc.record(Object.fromEntries(args.map((arg) => [arg.name, valueOf(arg.type, ids)])), {
    requiredKeys: args.filter((arg) => isNonNullType(arg.type)).map((arg) => arg.name),
  });
}

function valueOf(type: GraphQLInputType, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return bareValueOf(type.ofType, ids);
  return fc.oneof({ arbitrary: bareValueOf(type, ids), weight: 5 }, { arbitrary: fc.constant(null), weight: 1 });
}

function bareValueOf(type: GraphQLInputType, ids: readonly string[]): fc.Arbitrary<unknown> {
  const wellTyped = wellTypedValueOf(type, ids);
  return fc.oneof({ arbitrary: wellTyped, weight: 30 }, { arbitrary: fc.constantFrom(...ILL_TYPED), weight: 1 });
}

function wellTypedValueOf(type: GraphQLInputType, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (isListType(type)) return fc.array(valueOf(type.ofType, ids), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, ids)])), {
      requiredKeys: fields.filter((field) => isNonNullType(field.type)).map((field) => field.name),
    });
  }
  return scalarOf(type, ids);
}

function scalarOf({ name }: GraphQLScalarType, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (name === 'ID') return fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 9 }, fc.constantFrom(...TEXTS));
  if (name === 'Int') return fc.constantFrom(...NUMBERS);
  if (name === 'Boolean') return fc.boolean();
  if (name === 'DateTime') {
    const moments = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    return fc.oneof(moments, fc.constantFrom(...TEXTS));
  }
  return fc.oneof({ arbitrary: fc.constantFrom(...TEXTS), weight: 3 }, fc.string({ unit: 'binary', maxLength: 40 }));
}
