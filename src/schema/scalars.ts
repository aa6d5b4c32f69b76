import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars';

// The text scalars look at the length alone. Whether the value makes sense is decided by the commands, because
// a refusal here would be a failed request (HTTP 400) where the contract promises an entry in `userErrors`.

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant as RFC 3339 text. The server always answers in UTC with milliseconds, for example ' +
    '2026-03-01T09:30:00.000Z; in inputs any offset is accepted.',
  serialize: (value) => GraphQLDateTimeISO.serialize(value),
  parseValue: (value) => requireRealDate(GraphQLDateTimeISO.parseValue(value)),
  parseLiteral: (node, variables) => requireRealDate(GraphQLDateTimeISO.parseLiteral(node, variables)),
});

export const UrlScalar = textScalar(
  'URL',
  'An absolute http or https address of at most 2048 characters, for example https://example.com/logo.png.',
  2048,
);

export const EmailAddressScalar = textScalar(
  'EmailAddress',
  'An e-mail address without a display name, for example ana@example.com; at most 320 characters.',
  320,
);

export const TimeZoneScalar = textScalar(
  'TimeZone',
  'Name of a time zone from the IANA database, for example Europe/Madrid.',
  255,
);

export const LocaleScalar = textScalar('Locale', 'A BCP 47 language tag, for example en, es-MX or pt-BR.', 255);

export const CursorScalar = textScalar(
  'Cursor',
  'A place in an event stream. Keep the newest one that you have processed and send it back unchanged as `after` ' +
    'to go on from there. Its content may change at any time: do not parse, compare or build one.',
  512,
);

/** Of answers alone: what goes in has names and types. */
export const JsonObjectScalar = new GraphQLScalarType<object, object>({
  name: 'JSONObject',
  description: 'A JSON object. What is in it, the field says that returns it; ignore names that you do not know.',
  serialize: (value) => GraphQLJSONObject.serialize(value),
  parseValue: (value) => GraphQLJSONObject.parseValue(value),
  parseLiteral: (node, variables) => GraphQLJSONObject.parseLiteral(node, variables),
});

// graphql-scalars lets a leap second (23:59:60) through, which JavaScript turns into an invalid Date.
function requireRealDate(value: Date): Date {
  if (Number.isNaN(value.getTime())) throw new GraphQLError('DateTime is not an instant that can be represented.');
  return value;
}

function textScalar(name: string, description: string, maxLength: number): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw new GraphQLError(`${name} must be a string.`);
    if (value.length > maxLength) throw new GraphQLError(`${name} must have at most ${maxLength} characters.`);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => {
      if (typeof value !== 'string') throw new GraphQLError(`${name} can be made of a string only.`);
      return value;
    },
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}
