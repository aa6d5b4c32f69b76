import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredInputField,
  isRequiredArgument,
} from 'graphql';
import type { Caller } from '../support/api-client';

/** They answer a caller without a credential, and no others do. */
export const PUBLIC = [
  'acceptInvitation',
  'brandingFor',
  'publicAgent',
  'requestPasswordReset',
  'resetPassword',
  'signIn',
  'startVisitorSession',
  'viewer',
];

export interface RootField {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
  /** A document with a variable for each argument. */
  readonly document: string;
  /** What the schema demands and no more: well-formed, and meaning nothing. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the server says that it has: a field that is added tomorrow is tested tomorrow. */
export async function readRootFields(caller: Caller): Promise<RootField[]> {
  const schema = buildClientSchema(await caller.ask<IntrospectionQuery>(getIntrospectionQuery()));
  return [...fieldsOf(schema, 'query'), ...fieldsOf(schema, 'mutation'), ...fieldsOf(schema, 'subscription')];
}

function fieldsOf(schema: GraphQLSchema, kind: RootField['kind']): RootField[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return Object.values(roots[kind]!.getFields()).map((field) => ({
    kind,
    field,
    document: documentOf(kind, field),
    variables: Object.fromEntries(
      field.args.filter(isRequiredArgument).map((arg) => [arg.name, exampleOf(arg.name, arg.type)]),
    ),
  }));
}

function documentOf(kind: RootField['kind'], field: GraphQLField<unknown, unknown>): string {
  const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const answers = kind === 'mutation' ? '{ userErrors { code message path } }' : '{ __typename }';
  const selection = isLeafType(getNamedType(field.type)) ? '' : answers;
  return `${kind}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${selection} }`;
}

const BY_NAME: Readonly<Record<string, unknown>> = {
  email: 'new@example.com',
  fileName: 'example.txt',
  password: 'a long enough password',
};
const BY_TYPE: Readonly<Record<string, unknown>> = { Int: 1, Boolean: true };

export function exampleOf(name: string, type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [];
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(fields.map((field) => [field.name, exampleOf(field.name, field.type)]));
  }
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  return BY_NAME[name] ?? BY_TYPE[bare.name] ?? 'example';
}

/** Paths to every ID of an argument, inputs within inputs included: `input.conversationId`. */
export function idPathsOf(input: GraphQLArgument | GraphQLInputField, above: string): string[] {
  const named = getNamedType(input.type);
  const path = `${above}${input.name}`;
  if (named.name === 'ID') return [path];
  return isInputObjectType(named)
    ? Object.values(named.getFields()).flatMap((field) => idPathsOf(field, `${path}.`))
    : [];
}
