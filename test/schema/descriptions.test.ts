import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { loadPrintedSchema, printEveryType } from '../support/printed-schema';

interface Described {
  path: string;
  description: string | null | undefined;
}

const rootNames = new Set(['Query', 'Mutation', 'Subscription']);

/** Every element of a schema that a reader of the API meets, except the three roots themselves, which have no text in the library. */
function describedElements(sdl: string): Described[] {
  return Object.values(buildSchema(sdl).getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => [
      ...(rootNames.has(type.name) ? [] : [{ path: type.name, description: type.description }]),
      ...describedMembers(type),
    ]);
}

function describedMembers(type: GraphQLNamedType): Described[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).flatMap((field) => [
      { path: `${type.name}.${field.name}`, description: field.description },
      ...field.args.map((arg) => ({ path: `${type.name}.${field.name}(${arg.name})`, description: arg.description })),
    ]);
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({
      path: `${type.name}.${field.name}`,
      description: field.description,
    }));
  }
  if (isEnumType(type)) {
    return type.getValues().map((value) => ({ path: `${type.name}.${value.name}`, description: value.description }));
  }
  return [];
}

function withoutDescription(sdl: string): string[] {
  return describedElements(sdl)
    .filter((each) => (each.description ?? '').trim().length < 10)
    .map((each) => each.path);
}

describe('description check', () => {
  test('finds types, fields, arguments, input fields and enum values without a text', () => {
    const bare = 'type Query { a(b: I): E } input I { c: Int } enum E { "short" D } scalar S';
    expect(withoutDescription(bare).sort()).toEqual(['E', 'E.D', 'I', 'I.c', 'Query.a', 'Query.a(b)', 'S']);
  });

  test('accepts a schema in which everything is described', () => {
    expect(withoutDescription('type Query { "What there is to see." a("Which one to see." b: Int): Int }')).toEqual([]);
  });
});

describe('descriptions', () => {
  test('stand on every element of the published schema', () => {
    expect(withoutDescription(loadPrintedSchema())).toEqual([]);
  });

  test('stand on every type that is written for later issues', async () => {
    expect(withoutDescription(await printEveryType())).toEqual([]);
  });
});
