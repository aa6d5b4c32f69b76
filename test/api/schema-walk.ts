import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLSchema,
  type GraphQLObjectType,
  type IntrospectionQuery,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Caller } from '../support/api-client';

/** Where a walk begins: a root field with its arguments, written as GraphQL, and the types that it may answer with. */
export interface WalkRoot {
  readonly field: string;
  readonly type: string;
}

export interface Walk {
  /** Everything that was answered, as one text. */
  readonly text: string;
  /** `Type.field` of everything that was asked for: what is not here was not reachable. */
  readonly asked: ReadonlySet<string>;
}

/** Below it every object has been seen through a shorter path. */
const DEPTH = 4;

/**
 * Asks for every field of every type that the caller reaches from these roots, as the server describes itself: a field
 * that is added tomorrow is walked tomorrow. A field that answers nothing, or an error, is not gone into.
 */
export async function walkSchema(caller: Caller, describer: Caller, roots: readonly WalkRoot[]): Promise<Walk> {
  const schema = buildClientSchema(await describer.ask<IntrospectionQuery>(getIntrospectionQuery()));
  const answers: string[] = [];
  const asked = new Set<string>();
  const entered = new Set<string>();

  /** `around` puts a selection into the whole document. */
  const visit = async (
    type: GraphQLObjectType,
    around: (selection: string) => string,
    depth: number,
  ): Promise<void> => {
    const plain: string[] = [];
    const deeper: [name: string, types: GraphQLObjectType[]][] = [];
    for (const field of Object.values(type.getFields())) {
      if (field.args.some(isRequiredArgument)) continue;
      const named = getNamedType(field.type);
      asked.add(`${type.name}.${field.name}`);
      if (isLeafType(named)) plain.push(field.name);
      else deeper.push([field.name, objectTypesOf(schema, named.name)]);
    }
    const all = await caller.post(around(`__typename ${plain.join(' ')}`));
    answers.push(JSON.stringify(all.data));
    // One that is refused takes its object with it: each by itself then.
    if (all.errors !== undefined) {
      for (const name of plain) answers.push(JSON.stringify((await caller.post(around(name))).data));
    }
    if (depth === 0) return;
    for (const [name, types] of deeper) {
      for (const inner of types) {
        const edge = `${type.name}.${name}.${inner.name}`;
        const within = (selection: string): string => around(`${name} { ... on ${inner.name} { ${selection} } }`);
        const seen = await caller.post(within('walked: __typename'));
        if (!JSON.stringify(seen.data ?? null).includes(`"walked":"${inner.name}"`)) continue;
        // Once by each edge from each depth: with fewer the owner's walk no longer finds all that was planted.
        const place = `${String(depth)} ${edge}`;
        if (entered.has(place)) continue;
        entered.add(place);
        await visit(inner, within, depth - 1);
      }
    }
  };

  for (const { field, type } of roots) {
    for (const one of objectTypesOf(schema, type)) {
      await visit(one, (selection) => `{ ${field} { ... on ${one.name} { ${selection} } } }`, DEPTH);
    }
  }
  return { text: answers.join('\n'), asked };
}

function objectTypesOf(schema: GraphQLSchema, name: string): GraphQLObjectType[] {
  const type = schema.getType(name);
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [];
}
