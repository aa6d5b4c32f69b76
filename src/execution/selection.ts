import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields } from './collect-fields';
import type { ObjectSelection } from './complete';
import { type ExecuteField, Field } from './field';
import { isPromise, type Place, type Run } from './run';

interface Prepared {
  readonly name: string;
  readonly execute: ExecuteField;
}

type Answer = Record<string, unknown>;

/** Fields of the objects of one type in one place of a document. What they are is found out when the first one comes along. */
export class Selection implements ObjectSelection {
  private fields: readonly Prepared[] | null = null;

  constructor(
    private readonly type: GraphQLObjectType,
    private readonly selections: readonly SelectionSetNode[],
  ) {}

  prepare(run: Run): void {
    this.fieldsOf(run);
  }

  /** All at once: what one of them waits for, the others do not. */
  execute(run: Run, source: unknown, place: Place): Answer | Promise<Answer> {
    const fields = this.fieldsOf(run);
    const answer: Answer = {};
    let waiting: Promise<void>[] | null = null;
    try {
      for (const field of fields) {
        const value = field.execute(run, source, place);
        // A promise keeps the place of its value: the answer has the order of the document.
        answer[field.name] = value;
        if (isPromise(value)) (waiting ??= []).push(fill(answer, field.name, value));
      }
    } catch (error) {
      if (waiting === null) throw error;
      // Those on their way may fail, too, and somebody has to be there then.
      return Promise.all(waiting).finally(() => {
        throw error;
      }) as unknown as Promise<Answer>;
    }
    return waiting === null ? answer : Promise.all(waiting).then(() => answer);
  }

  /** One after the other, as mutations are: each begins when the one before has ended. */
  async executeSerially(run: Run, source: unknown): Promise<Answer> {
    const answer: Answer = {};
    for (const field of this.fieldsOf(run)) answer[field.name] = await field.execute(run, source, undefined);
    return answer;
  }

  private fieldsOf(run: Run): readonly Prepared[] {
    this.fields ??= [...collectFields(run, this.type, this.selections)].map(([name, nodes]) =>
      prepare(run, this.type, name, nodes),
    );
    return this.fields;
  }
}

async function fill(answer: Answer, name: string, value: Promise<unknown>): Promise<void> {
  answer[name] = await value;
}

function prepare(run: Run, type: GraphQLObjectType, name: string, nodes: readonly FieldNode[]): Prepared {
  const [first, ...others] = nodes;
  const definition = first === undefined ? undefined : definitionOf(run, type, first.name.value);
  if (first === undefined || definition === undefined) throw new Error(`${type.name} has no field for ${name}.`);
  const select = (of: GraphQLObjectType, from: readonly FieldNode[]): Selection =>
    new Selection(
      of,
      from.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
  return { name, execute: new Field(type, definition, name, [first, ...others], select).executor() };
}

/** Undefined: a field that the schema does not have, which no document that was validated names. */
function definitionOf(
  { schema }: Run,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}
