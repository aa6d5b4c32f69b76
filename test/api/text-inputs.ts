import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type IntrospectionQuery,
  isInputObjectType,
  isListType,
  getNullableType,
  isObjectType,
} from 'graphql';
import type { Caller } from '../support/api-client';

/** One input that takes a text: an argument, or a field of an input within it. Ids have a suite of their own. */
export interface TextInput {
  /** `Mutation.updateOrganization`, `Organization.conversations` … */
  readonly owner: string;
  /** Names from the argument on: `input`, `branding`, `displayName`. */
  readonly steps: readonly string[];
  readonly isList: boolean;
}

const TEXTS = new Set(['String', 'URL', 'EmailAddress', 'TimeZone', 'Locale', 'Cursor']);

/** What the server says that it takes: an input that is added tomorrow is tested tomorrow. */
export async function readTextInputs(caller: Caller): Promise<TextInput[]> {
  const schema = buildClientSchema(await caller.ask<IntrospectionQuery>(getIntrospectionQuery()));
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(isObjectType(type) ? type.getFields() : {}).flatMap((field) =>
        field.args.flatMap((arg) => textsOf(arg, `${type.name}.${field.name}`, [])),
      ),
    );
}

function textsOf(input: GraphQLArgument | GraphQLInputField, owner: string, above: readonly string[]): TextInput[] {
  const named = getNamedType(input.type);
  const steps = [...above, input.name];
  if (isInputObjectType(named)) {
    return Object.values(named.getFields()).flatMap((field) => textsOf(field, owner, steps));
  }
  return TEXTS.has(named.name) ? [{ owner, steps, isList: isListType(getNullableType(input.type)) }] : [];
}

/** `value` with the change made to what the steps lead to; what is not there is made, and of a list it is the first. */
export function changedAt(value: unknown, steps: readonly string[], change: (found: unknown) => unknown): unknown {
  const [first, ...rest] = steps;
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return [changedAt(value[0], steps, change), ...(value as unknown[]).slice(1)];
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [first]: changedAt(object[first], rest, change) };
}

/** Texts that no input may take, each made of one that it takes. */
export const HOSTILE: Readonly<Record<string, (text: string) => string>> = {
  NUL: (text) => `${text.slice(0, 1)}\0${text.slice(1)}`,
  'a lone surrogate': (text) => `${text.slice(0, 1)}\ud83d${text.slice(1)}`,
  'a text without end': (text) => text + 'x'.repeat(20_001),
};

/** Makes a name show as another one. */
export const TURNED = (text: string): string => `${text.slice(0, 1)}\u202e${text.slice(1)}`;
