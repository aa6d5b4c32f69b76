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
import type { Caller, GraphqlResponse } from '../support/api-client';

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

/** Somewhere in the answers: how a selection there is put into a whole document, and the names that lead there. */
interface Spot {
  readonly around: (selection: string) => string;
  readonly path: readonly string[];
}

/** Names of the types that a field has led to. */
type Found = ReadonlyMap<string, ReadonlySet<string>>;

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

  const ask = async ({ around }: Spot, selection: string): Promise<GraphqlResponse> => {
    const answer = await caller.post(around(selection));
    answers.push(JSON.stringify(answer.data));
    return answer;
  };

  /** All that the object itself has; answers of what types the objects are that it leads to. */
  const lookAround = async (spot: Spot, plain: readonly string[], edges: readonly string[]): Promise<Found> => {
    const found = new Map<string, ReadonlySet<string>>();
    /** Answers those that were refused. */
    const look = async (names: readonly string[]): Promise<readonly string[]> => {
      const selections = names.map((name) => (edges.includes(name) ? `${name} { __typename }` : name));
      const { data, errors = [] } = await ask(spot, ['__typename', ...selections].join(' '));
      for (const name of names) found.set(name, typesAt(data, [...spot.path, name]));
      const refused = errors.map(({ path = [] }) => path.filter((step) => typeof step === 'string')[spot.path.length]);
      return refused.includes(undefined) ? names : names.filter((name) => refused.includes(name));
    };
    let others = [...plain, ...edges];
    let refused = await look(others);
    // One that is refused takes its object with it, and hides what else is: each by itself then, and the others together.
    while (refused.length > 0) {
      others = others.filter((name) => !refused.includes(name));
      for (const name of refused) await look([name]);
      refused = others.length > 0 ? await look(others) : [];
    }
    return found;
  };

  const visit = async (type: GraphQLObjectType, spot: Spot, depth: number): Promise<void> => {
    const plain: string[] = [];
    const deeper: [name: string, types: GraphQLObjectType[]][] = [];
    for (const field of Object.values(type.getFields())) {
      if (field.args.some(isRequiredArgument)) continue;
      const named = getNamedType(field.type);
      asked.add(`${type.name}.${field.name}`);
      if (isLeafType(named)) plain.push(field.name);
      else if (depth > 0) deeper.push([field.name, objectTypesOf(schema, named.name)]);
    }
    const edges = deeper.map(([name]) => name);
    const found = await lookAround(spot, plain, edges);
    for (const [name, types] of deeper) {
      for (const inner of types.filter((one) => found.get(name)!.has(one.name))) {
        // Once by each edge from each depth: with fewer the owner's walk no longer finds all that was planted.
        const place = `${String(depth)} ${type.name}.${name}.${inner.name}`;
        if (entered.has(place)) continue;
        entered.add(place);
        await visit(inner, stepFrom(spot, name, inner.name), depth - 1);
      }
    }
  };

  for (const { field, type } of roots) {
    for (const one of objectTypesOf(schema, type)) {
      const spot = stepFrom({ around: (selection) => `{ ${selection} }`, path: [] }, field, one.name);
      await visit(one, spot, DEPTH);
    }
  }
  return { text: answers.join('\n'), asked };
}

/** @param field with its arguments, if it has any */
function stepFrom({ around, path }: Spot, field: string, type: string): Spot {
  return {
    around: (selection) => around(`${field} { ... on ${type} { ${selection} } }`),
    path: [...path, field.replace(/\(.*$/, '')],
  };
}

/** Names of the types of all objects at the path, through lists. */
function typesAt(data: unknown, path: readonly string[]): Set<string> {
  if (Array.isArray(data)) return new Set(data.flatMap((item) => [...typesAt(item, path)]));
  if (typeof data !== 'object' || data === null) return new Set();
  const [name, ...rest] = path;
  const object = data as Readonly<Record<string, unknown>>;
  return name === undefined ? new Set([String(object.__typename)]) : typesAt(object[name], rest);
}

function objectTypesOf(schema: GraphQLSchema, name: string): GraphQLObjectType[] {
  const type = schema.getType(name);
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [];
}
