import {
  defaultTypeResolver,
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type ResponsePath,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect';
import { nullRefused, serializerOf } from './leaf';
import { isPromise, type Place, type Run } from './run';
import { runtimeTypeOf } from './runtime-type';

/** Turns what a field has returned into what the answer has, or a promise of it. Throws, or rejects with, what makes the place null. */
export type Complete = (run: Run, value: unknown, place: ResponsePath, info: GraphQLResolveInfo) => unknown;

/** What a completer has to know of the field whose value it completes. */
export interface CompletedField {
  readonly nodes: readonly FieldNode[];
  /** `Conversation.lastMessage`, for errors that are ours. */
  readonly title: string;
  fail(run: Run, error: unknown, place: ResponsePath, isRequired: boolean): null;
  /** What is selected of an object of that type, in the place of this field. */
  selectionOf(type: GraphQLObjectType): ObjectSelection;
}

export interface ObjectSelection {
  /** Decides what is selected, if nobody has: throws where a directive cannot be read. */
  prepare(run: Run): void;
  execute(run: Run, source: unknown, place: Place): unknown;
}

export function completerOf(type: GraphQLOutputType, field: CompletedField): Complete {
  const complete = isNonNullType(type)
    ? required(nullableCompleterOf(type.ofType, field), field)
    : nullableCompleterOf(type, field);
  return (run, value, place, info) => {
    if (value instanceof Error) throw value;
    return complete(run, value, place, info);
  };
}

function required(complete: Complete, field: CompletedField): Complete {
  return (run, value, place, info) => {
    const completed = complete(run, value, place, info);
    if (completed === null) throw nullRefused(field.title);
    return completed;
  };
}

function nullableCompleterOf(type: GraphQLOutputType, field: CompletedField): Complete {
  const complete = presentCompleterOf(type, field);
  return (run, value, place, info) => (value == null ? null : complete(run, value, place, info));
}

/** For a value that is there. */
function presentCompleterOf(type: GraphQLOutputType, field: CompletedField): Complete {
  if (isListType(type)) return listCompleter(type, field);
  if (isLeafType(type)) {
    const serialize = serializerOf(type);
    return (_run, value) => serialize(value);
  }
  if (isObjectType(type)) return objectCompleter(type, field);
  if (isNonNullType(type)) throw new Error('A type that is required twice does not exist.');
  return abstractCompleter(type, field);
}

function listCompleter({ ofType }: GraphQLList<GraphQLOutputType>, field: CompletedField): Complete {
  const complete = completerOf(ofType, field);
  const isRequired = isNonNullType(ofType);
  const completeItem: Complete = (run, item, place, info) => {
    try {
      const completed = isPromise(item)
        ? item.then((resolved) => complete(run, resolved, place, info))
        : complete(run, item, place, info);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => field.fail(run, error, place, isRequired));
    } catch (error) {
      return field.fail(run, error, place, isRequired);
    }
  };
  return (run, value, place, info) => {
    if (!isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${field.title}".`);
    }
    let waits = false;
    const items: unknown[] = [];
    try {
      for (const item of value) {
        const completed = completeItem(run, item, { prev: place, key: items.length, typename: undefined }, info);
        waits ||= isPromise(completed);
        items.push(completed);
      }
    } catch (error) {
      // Those on their way may fail, too, and nobody is there any more: without this it would end the process.
      if (waits) void Promise.allSettled(items);
      throw error;
    }
    return waits ? Promise.all(items) : items;
  };
}

/** A text is none: an array of letters nobody has meant. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function objectCompleter(type: GraphQLObjectType, field: CompletedField): Complete {
  const selection = field.selectionOf(type);
  const { isTypeOf } = type;
  if (isTypeOf == null) return (run, value, place) => selection.execute(run, value, place);
  return (run, value, place, info) => {
    // Read first, as graphql-js does: an error in it comes before one of the value.
    selection.prepare(run);
    const answer = isTypeOf.call(type, value, run.contextValue, info);
    const goOn = (isOne: boolean): unknown => {
      if (!isOne) throw wrongType(type, value, field);
      return selection.execute(run, value, place);
    };
    return isPromise(answer) ? answer.then((isOne) => goOn(isOne)) : goOn(answer);
  };
}

function wrongType(type: GraphQLObjectType, value: unknown, { nodes }: CompletedField): GraphQLError {
  return new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
}

function abstractCompleter(type: GraphQLAbstractType, field: CompletedField): Complete {
  const completers = new Map<GraphQLObjectType, Complete>();
  const completeAs = (
    name: unknown,
    run: Run,
    value: unknown,
    place: ResponsePath,
    info: GraphQLResolveInfo,
  ): unknown => {
    const runtimeType = runtimeTypeOf(name, { schema: run.schema, type, field, value });
    let complete = completers.get(runtimeType);
    if (complete === undefined) {
      complete = objectCompleter(runtimeType, field);
      completers.set(runtimeType, complete);
    }
    return complete(run, value, place, info);
  };
  return (run, value, place, info) => {
    const name = (type.resolveType ?? defaultTypeResolver)(value, run.contextValue, info, type);
    if (!isPromise(name)) return completeAs(name, run, value, place, info);
    return name.then((resolved) => completeAs(resolved, run, value, place, info));
  };
}
