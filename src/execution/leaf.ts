import {
  getNullableType,
  GraphQLBoolean,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLString,
  isLeafType,
  isNonNullType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect';

/** A value as the answer has it. Throws where it cannot be told. */
export type CompleteLeaf = (value: unknown) => unknown;

/** For a field that has a plain value, or null where it may; null for every other type. `title` is for the error. */
export function leafCompleterOf(type: GraphQLOutputType, title: string): CompleteLeaf | null {
  const named = getNullableType(type);
  if (!isLeafType(named)) return null;
  const serialize = serializerOf(named);
  if (!isNonNullType(type)) return (value) => (value == null ? null : serialize(value));
  return (value) => {
    if (value == null) throw nullRefused(title);
    return serialize(value);
  };
}

export function nullRefused(title: string): Error {
  return new Error(`Cannot return null for non-nullable field ${title}.`);
}

/** What is of the right kind already passes as it is; everything else goes by the rules of the type. */
export function serializerOf(type: GraphQLLeafType): CompleteLeaf {
  const byTheRules: CompleteLeaf = (value) => {
    const serialized: unknown = type.serialize(value);
    if (serialized == null) {
      throw new Error(
        `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
          `return non-nullable value, returned: ${inspect(serialized)}`,
      );
    }
    return serialized;
  };
  if (type === GraphQLString || type === GraphQLID) {
    return (value) => (typeof value === 'string' ? value : byTheRules(value));
  }
  if (type === GraphQLBoolean) return (value) => (typeof value === 'boolean' ? value : byTheRules(value));
  // The operator keeps what has 32 bits, and makes something else of every other number.
  if (type === GraphQLInt)
    return (value) => (typeof value === 'number' && value === (value | 0) ? value : byTheRules(value));
  return byTheRules;
}
