import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { chance } from './turns';

/** Draws one number after the other. */
class Dice {
  private thrown = 0;

  constructor(private readonly seed: number) {}

  throw(): number {
    this.thrown += 1;
    return chance(this.seed, 'document', String(this.thrown));
  }

  one<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.throw() * items.length)]!;
  }
}

const VARIABLES = '($on: Boolean!, $off: Boolean = false, $n: Int, $color: Color = RED, $in: In)';
const ALL_VARIABLES = 'unused: __typename @include(if: $on) @skip(if: $off)';

export interface RandomDocument {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation with fragments, aliases that are merged, directives and variables. It may be invalid: ask before it runs. */
export function randomDocument(schema: GraphQLSchema, seed: number): RandomDocument {
  const dice = new Dice(seed);
  const kind = dice.throw() < 0.2 ? 'mutation' : 'query';
  const root = kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
  const fragments = ['Box', 'Thing', 'Dot'].map(
    (name) => `fragment On${name} on ${name} ${selectionOf(dice, schema, schema.getType(name)!, 2, false)}`,
  );
  const selection = selectionOf(dice, schema, root, 4, true).replace('{', `{ ${ALL_VARIABLES} `);
  const uses = fragments.map((_, at) => `...On${['Box', 'Thing', 'Dot'][at]!}`);
  const used = uses.filter((use) => selection.includes(use));
  const text = fragments.filter((_, at) => used.includes(uses[at]!)).join('\n');
  const variables = {
    on: dice.throw() < 0.7,
    ...(dice.throw() < 0.3 ? { off: dice.throw() < 0.5 } : {}),
    ...(dice.throw() < 0.5 ? { n: dice.throw() < 0.1 ? null : 3 } : {}),
    ...(dice.throw() < 0.3 ? { color: dice.throw() < 0.1 ? 'PINK' : 'GREEN' } : {}),
    ...(dice.throw() < 0.5 ? { in: { a: 1, b: ['RED'], c: { a: 2 } } } : {}),
  };
  return { query: `${kind} Random${VARIABLES} ${selection}\n${text}`, variables };
}

function selectionOf(
  dice: Dice,
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  spreads: boolean,
): string {
  const parts: string[] = [];
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const count = 1 + Math.floor(dice.throw() * 4);
  for (let part = 0; part < count; part += 1) {
    const draw = dice.throw();
    if (fields.length === 0 || draw < 0.1) parts.push('__typename');
    else if (depth > 0 || isLeafType(getNamedType(fields[0]!.type)))
      parts.push(fieldOf(dice, schema, dice.one(fields), depth, spreads));
  }
  if (isAbstractType(type) && depth > 0) {
    const possible = dice.one(schema.getPossibleTypes(type));
    parts.push(`... on ${possible.name}${directive(dice)} ${selectionOf(dice, schema, possible, depth - 1, spreads)}`);
  }
  if (spreads && dice.throw() < 0.25 && /Thing|Either|Box|Dot/.test(type.name)) {
    parts.push(
      `...On${dice.one(type.name === 'Dot' ? ['Dot'] : type.name === 'Either' ? ['Box', 'Dot', 'Thing'] : ['Box', 'Thing'])}${directive(dice)}`,
    );
  }
  return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
}

function fieldOf(
  dice: Dice,
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  spreads: boolean,
): string {
  const type = getNamedType(field.type);
  if (!isLeafType(type) && depth === 0) return '__typename';
  const args = field.args.flatMap((argument) => {
    if (argument.name === 'n') return dice.one([['n: 2'], ['n: $n'], []]);
    if (argument.name === 'unit') return dice.one([['unit: RED'], ['unit: $color']]);
    return dice.one([['in: { a: 1, b: [GREEN] }'], ['in: $in'], [], []]);
  });
  const alias = dice.throw() < 0.15 ? `${dice.one(['a', 'b'])}${field.name}: ` : '';
  const call = args.length === 0 ? '' : `(${args.join(', ')})`;
  const selection = isLeafType(type) ? '' : ` ${selectionOf(dice, schema, type, depth - 1, spreads)}`;
  return `${alias}${field.name}${call}${directive(dice)}${selection}`;
}

function directive(dice: Dice): string {
  return dice.throw() < 0.85
    ? ''
    : dice.one([' @skip(if: $off)', ' @include(if: $on)', ' @skip(if: true)', ' @include(if: false) @skip(if: $on)']);
}
