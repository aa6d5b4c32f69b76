import { buildSchema } from 'graphql';
import { compareSchemas } from '../support/compare-schema';

const contract = `
  type Query {
    pet(id: ID!, deep: Boolean = true, words: [String!]): Pet
    pets(filter: PetFilter): [Pet!]!
  }
  interface Named { name: String! }
  type Pet implements Named { name: String! age: Int mood: Mood owner: Owner legs: [Int!] }
  type Person { nickname: String }
  type Shelter { city: String }
  union Owner = Person | Shelter
  enum Mood { CALM WILD }
  input PetFilter { mood: Mood! = CALM name: String tags: [String!] }
  scalar Moment
`;

/** The differences of the contract above from itself with one piece of text replaced. */
function plant(original: string, replacement: string): string[] {
  expect(contract).toContain(original);
  const changed = buildSchema(contract.replace(original, replacement));
  return compareSchemas(buildSchema(contract), changed).map((each) => `${each.path}: ${each.problem}`);
}

describe('compareSchemas finds', () => {
  test.each([
    ['a removed type', 'scalar Moment', '', 'Moment: type is missing'],
    [
      'a type of another kind',
      'scalar Moment',
      'enum Moment { NOW }',
      'Moment: is a GraphQLEnumType instead of a GraphQLScalarType',
    ],
    ['a removed field', ' age: Int ', ' ', 'Pet.age: field is missing'],
    ['a field of another type', ' age: Int ', ' age: Float ', 'Pet.age: type is Float instead of Int'],
    [
      'a field that became nullable',
      'Pet implements Named { name: String! age',
      'Pet { name: String age',
      'Pet.name: type is String instead of String!',
    ],
    ['a list that became nullable', ': [Pet!]!', ': [Pet!]', 'Query.pets: type is [Pet!] instead of [Pet!]!'],
    ['items that became nullable', ': [Pet!]!', ': [Pet]!', 'Query.pets: type is [Pet]! instead of [Pet!]!'],
    ['a single value in place of a list', 'legs: [Int!]', 'legs: Int', 'Pet.legs: type is Int instead of [Int!]'],
    ['a list in place of a single value', ' age: Int ', ' age: [Int] ', 'Pet.age: type is [Int] instead of Int'],
    ['a removed argument', 'id: ID!, deep', 'deep', 'Query.pet(id): is missing'],
    [
      'an argument that became required',
      'words: [String!]',
      'words: [String!]!',
      'Query.pet(words): type is [String!]! instead of [String!]',
    ],
    [
      'an added required argument',
      'id: ID!,',
      'id: ID!, more: Int!,',
      'Query.pet(more): argument was added and is required',
    ],
    [
      'a changed default',
      'deep: Boolean = true',
      'deep: Boolean = false',
      'Query.pet(deep): default is false instead of true',
    ],
    [
      'a removed default',
      'deep: Boolean = true',
      'deep: Boolean',
      'Query.pet(deep): default is absent instead of true',
    ],
    ['a removed input field', ' name: String tags', ' tags', 'PetFilter.name: is missing'],
    [
      'a tightened input field',
      ' name: String tags',
      ' name: String! tags',
      'PetFilter.name: type is String! instead of String',
    ],
    [
      'an input field of another type',
      ' name: String tags',
      ' name: ID tags',
      'PetFilter.name: type is ID instead of String',
    ],
    [
      'an added required input field',
      'input PetFilter {',
      'input PetFilter { size: Int!',
      'PetFilter.size: input field was added and is required',
    ],
    [
      'an input default that went away',
      'mood: Mood! = CALM',
      'mood: Mood!',
      'PetFilter.mood: default is absent instead of "CALM"',
    ],
    ['a missing enum value', 'CALM WILD', 'CALM', 'Mood.WILD: value is missing'],
    ['a missing interface', 'Pet implements Named', 'Pet', 'Pet implements Named: interface is not implemented'],
    ['a missing union member', 'Person | Shelter', 'Person', 'Owner | Shelter: member is missing'],
    [
      'a removed field of an interface',
      'interface Named { name: String! }',
      'interface Named { other: Int } extend type Pet { other: Int }',
      'Named.name: field is missing',
    ],
  ])('%s', (_what, original, replacement, expected) => {
    expect(plant(original, replacement)).toContain(expected);
  });
});

describe('compareSchemas allows', () => {
  test.each([
    ['the same schema', 'scalar Moment', 'scalar Moment'],
    ['an added field', ' age: Int ', ' age: Int weight: Float '],
    ['an added type', 'scalar Moment', 'scalar Moment scalar Extra'],
    ['an added enum value', 'CALM WILD', 'CALM WILD ASLEEP'],
    ['an answer that is never null now', ' age: Int ', ' age: Int! '],
    ['an argument that became optional', 'id: ID!', 'id: ID'],
    ['an added optional argument', 'id: ID!,', 'id: ID!, more: Int,'],
    ['an added argument with a default', 'id: ID!,', 'id: ID!, more: Int! = 1,'],
    ['an input field that became optional', 'mood: Mood! = CALM', 'mood: Mood = CALM'],
    ['items of an input list that may be null now', 'tags: [String!]', 'tags: [String]'],
    ['an added optional input field', 'input PetFilter {', 'input PetFilter { size: Int'],
    ['a default where there was none', ' name: String tags', ' name: String = "x" tags'],
    ['an added union member', 'Person | Shelter', 'Person | Shelter | Pet'],
  ])('%s', (_what, original, replacement) => {
    expect(plant(original, replacement)).toEqual([]);
  });
});
