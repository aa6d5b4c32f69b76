import {
  buildSchema,
  type GraphQLAbstractType,
  getNamedType,
  getNullableType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { chance, type Turns } from './turns';

/** Of everything that execution has a rule for: lists in lists, abstract types, nulls that are not allowed, arguments that are missing. */
const SDL = `
  interface Thing { id: ID! name: String size: Int! self: Thing! child(n: Int = 1, in: In): Thing }
  type Box implements Thing { id: ID! name: String size: Int! self: Thing! child(n: Int = 1, in: In): Thing
    flags: [Boolean!]! contents: [Thing!]! maybe: [Thing] color: Color! weight(unit: Color!): Float ball: Ball! dots: [Dot!] }
  type Ball implements Thing { id: ID! name: String size: Int! self: Thing! child(n: Int = 1, in: In): Thing
    radius: Float! either: Either! eithers: [Either!] grid: [[Int!]]! boxes: [Box] }
  type Dot { x: Float! label: String! either: Either eithers: [[Either]!] box: Box }
  union Either = Box | Ball | Dot
  enum Color { RED GREEN }
  input In { a: Int! b: [Color!] c: In }
  type Query { thing: Thing needed: Thing! either: Either eithers: [[Either!]!] box(in: In): Box dots(n: Int!): [Dot!] count: Int! }
  type Mutation { first: Box second(n: Int): Either third: Dot! fourth: Int }`;

/** What a field does is drawn from a seed and from where it is: the same whoever executes it. */
export interface World {
  readonly seed: number;
  readonly turns: Turns;
}

export function createHostileSchema(): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) decideTypes(schema, type);
    if (isObjectType(type)) decideFields(schema, type);
  }
  return schema;
}

/** Thing by `resolveType`, Either by what its types say of themselves. */
function decideTypes(schema: GraphQLSchema, type: GraphQLAbstractType): void {
  if (type.name !== 'Thing') return;
  type.resolveType = (value, { seed, turns }: World, info) => {
    const name = typeNameOf(value);
    const draw = chance(seed, 'type', name, String(info.path.key));
    if (draw < 0.02) return 'Dot';
    if (draw < 0.04) return 'Color';
    if (draw < 0.05) return 'Nothing';
    if (draw < 0.06) return undefined;
    if (draw < 0.07) throw new Error('No type.');
    return draw < 0.3 ? turns.next(`type ${draw}`).then(() => name) : name;
  };
}

function decideFields(schema: GraphQLSchema, type: GraphQLObjectType): void {
  if (['Box', 'Ball', 'Dot'].includes(type.name)) {
    type.isTypeOf = (value, { seed }: World, info) => {
      const isOne = typeNameOf(value) === type.name;
      const draw = chance(seed, 'isTypeOf', type.name, String(info.path.key));
      if (draw < 0.02) throw new Error('Who knows?');
      return draw < 0.2 ? Promise.resolve(isOne) : isOne && draw < 0.98;
    };
  }
  for (const field of Object.values(type.getFields())) {
    // A third are read from the object, as most fields of an API are.
    if (chance(7, type.name, field.name) < 0.35 && !/^(Query|Mutation)$/.test(type.name)) continue;
    const resolve: GraphQLFieldResolver<unknown, World> = (source, args, world, info) =>
      behave(schema, world, `${pathOf(info.path)} ${JSON.stringify(args)} ${idOf(source)}`, field.type);
    field.resolve = resolve;
  }
}

function pathOf(path: { readonly prev: unknown; readonly key: string | number } | undefined): string {
  return path === undefined ? '' : `${pathOf(path.prev as typeof path | undefined)}.${path.key}`;
}

/** What a field returns, throws, or promises. */
function behave(schema: GraphQLSchema, world: World, where: string, type: GraphQLOutputType): unknown {
  const draw = chance(world.seed, where);
  if (draw < 0.03) throw new Error(`thrown at ${where}`);
  if (draw < 0.05) return new Error(`returned at ${where}`);
  if (draw < 0.08) return null;
  if (draw < 0.09) return undefined;
  if (draw < 0.12) return world.turns.next(where).then(() => Promise.reject(new Error(`rejected at ${where}`)));
  if (draw < 0.13) return world.turns.next(where).then(() => new Error(`resolved with at ${where}`));
  if (draw < 0.3) return world.turns.next(where).then(() => valueOf(schema, world, where, type));
  return valueOf(schema, world, where, type);
}

function valueOf(schema: GraphQLSchema, world: World, where: string, of: GraphQLOutputType): unknown {
  const type = getNullableType(of);
  const draw = chance(world.seed, where, 'value');
  if (isListType(type)) {
    if (draw < 0.03) return draw < 0.015 ? 'no list' : { length: 2 };
    const length = Math.floor(draw * 4);
    // All of them promises, or none: graphql-js leaves the rejection of one to nobody when a later item throws at once.
    const waits = chance(world.seed, where, 'items') < 0.3;
    const itemType = type.ofType;
    const items = Array.from({ length }, (_, at) => itemOf(schema, world, `${where}[${at}]`, itemType, waits));
    return draw > 0.8 ? new Set(items) : items;
  }
  if (isScalarType(type) || isEnumType(type)) return leafOf(type.name, draw);
  return objectOf(schema, world, where, getNamedType(type).name, draw);
}

function itemOf(schema: GraphQLSchema, world: World, where: string, type: GraphQLOutputType, waits: boolean): unknown {
  const draw = chance(world.seed, where);
  const item = (): unknown => {
    if (draw < 0.06) return draw < 0.03 ? null : new Error(`item at ${where}`);
    return valueOf(schema, world, where, type);
  };
  return waits ? world.turns.next(where).then(item) : item();
}

function leafOf(type: string, draw: number): unknown {
  if (draw < 0.04) return draw < 0.02 ? { no: 'leaf' } : Number.NaN;
  if (type === 'Int') return draw < 0.06 ? 2 ** 40 : draw < 0.1 ? '7' : Math.floor(draw * 100) - (draw < 0.12 ? 50 : 0);
  if (type === 'Float') return draw < 0.1 ? 3 : draw * 100;
  if (type === 'Boolean') return draw < 0.1 ? 1 : draw < 0.5;
  if (type === 'Color') return draw < 0.08 ? 'BLUE' : draw < 0.5 ? 'RED' : 'GREEN';
  return draw < 0.1 ? 42 : `text ${draw}`;
}

const TYPE = Symbol('type');
const ID = Symbol('id');

/** An object whose properties are drawn when they are read; some are methods. */
function objectOf(schema: GraphQLSchema, world: World, where: string, type: string, draw: number): unknown {
  const names = type === 'Thing' ? ['Box', 'Ball'] : type === 'Either' ? ['Box', 'Ball', 'Dot'] : [type];
  const name = draw < 0.02 ? 'Dot' : names[Math.floor(draw * names.length)]!;
  if (draw > 0.985) return 'no object';
  const fields = (schema.getType(name) as GraphQLObjectType).getFields();
  return new Proxy(
    {},
    {
      get: (_target, key) => {
        if (key === TYPE) return name;
        if (key === ID) return where;
        const field = typeof key === 'string' ? fields[key] : undefined;
        if (field === undefined) return undefined;
        const run = (args: unknown): unknown =>
          behave(schema, world, `${where}/${field.name} ${JSON.stringify(args)}`, field.type);
        return chance(world.seed, where, field.name, 'method') < 0.2 ? run : run({});
      },
    },
  );
}

function typeNameOf(value: unknown): string {
  return (value as { [TYPE]?: string } | null)?.[TYPE] ?? '';
}

function idOf(value: unknown): string {
  return (value as { [ID]?: string } | null | undefined)?.[ID] ?? '';
}
