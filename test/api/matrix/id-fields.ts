import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Caller } from '../../support/api-client';
import { exampleOf, idPathsOf } from '../root-fields';

/** A field whose arguments hold ids: a root field, or one of an object, asked for through `node(id: $parent)`. */
export interface IdField {
  /** `sendMessage`, or `Organization.conversations`. */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Type of the object that it is a field of; null for a root field. */
  readonly parent: string | null;
  readonly document: string;
  readonly args: readonly GraphQLArgument[];
  /** What the schema demands beside the ids. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** From the arguments on: `input.conversationId`. */
  readonly idPaths: readonly string[];
}

/** Names of something that is not everybody's to know, though the schema has no ID there. */
const AS_GOOD_AS_IDS: Readonly<Record<string, readonly string[]>> = { workspace: ['slug'] };

/** Every field of the schema that takes an id: one that is added tomorrow is in here tomorrow. */
export async function readIdFields(caller: Caller): Promise<IdField[]> {
  return (await readFields(caller)).filter(({ idPaths }) => idPaths.length > 0);
}

/** Every root field, and every field of an object that takes arguments. */
export async function readFields(caller: Caller): Promise<IdField[]> {
  const schema = buildClientSchema(await caller.ask<IntrospectionQuery>(getIntrospectionQuery()));
  return [...rootFields(schema), ...nestedFields(schema).filter(({ args }) => args.length > 0)];
}

function rootFields(schema: GraphQLSchema): IdField[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type!.getFields()).map((field) => ({
      name: field.name,
      kind,
      parent: null,
      document: `${kind}${inBrackets(declarations(field))} { ${callOf(field)} }`,
      ...inputsOf(field, AS_GOOD_AS_IDS[field.name]),
    })),
  );
}

function nestedFields(schema: GraphQLSchema): IdField[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  return objects
    .filter((type) => !roots.includes(type) && !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => nestedField(type, field)));
}

function nestedField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): IdField {
  const name = `${type.name}.${field.name}`;
  const inputs = inputsOf(field);
  const isReachable = type.getInterfaces().some((one) => one.name === 'Node');
  if (inputs.idPaths.length > 0 && !isReachable) {
    throw new Error(`${name} takes an id, and ${type.name} is no Node: say in id-fields.ts how to come to it.`);
  }
  return {
    name,
    kind: 'query',
    parent: type.name,
    document: `query${inBrackets(['$parent: ID!', ...declarations(field)])}
      { node(id: $parent) { ... on ${type.name} { ${callOf(field)} } } }`,
    ...inputs,
  };
}

function inputsOf(
  field: GraphQLField<unknown, unknown>,
  alike: readonly string[] = [],
): Pick<IdField, 'args' | 'variables' | 'idPaths'> {
  const required = field.args.filter(isRequiredArgument);
  return {
    args: field.args,
    variables: Object.fromEntries(required.map((arg) => [arg.name, exampleOf(arg.name, arg.type)])),
    idPaths: [...field.args.flatMap((arg) => idPathsOf(arg, '')), ...alike],
  };
}

const declarations = (field: GraphQLField<unknown, unknown>): string[] =>
  field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`);
const inBrackets = (parts: readonly string[]): string => (parts.length === 0 ? '' : `(${parts.join(', ')})`);

function callOf(field: GraphQLField<unknown, unknown>): string {
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`);
  return `${field.name}${inBrackets(passed)} ${selectionOf(field.type, 3)}`;
}

/** Whatever could tell something: plain fields, refusals, totals, and the items of a list. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return isInterfaceType(named) ? '{ __typename id }' : '{ __typename }';
  const isPart = /Payload$|Connection$|^PageInfo$|^UserError$/.test(named.name);
  if (!isPart || depth === 0) return named.getFields().id === undefined ? '{ __typename }' : '{ __typename id }';
  const fields = Object.values(named.getFields()).filter((field) => field.args.length === 0 && field.name !== 'edges');
  return `{ __typename ${fields.map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`).join(' ')} }`;
}
