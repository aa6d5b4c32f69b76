import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isNonNullType,
  locatedError,
  type ResponsePath,
} from 'graphql';
import { type Complete, type CompletedField, completerOf, type ObjectSelection } from './complete';
import { leafCompleterOf } from './leaf';
import { isPromise, type Place, type Run, stepsTo } from './run';

/** Executes a field of one object: its value in the answer, or a promise of it. Throws, or rejects with, what makes the object null. */
export type ExecuteField = (run: Run, source: unknown, parent: Place) => unknown;

/** One field of a selection, prepared: whatever does not depend on the object is decided here, once a document. */
export class Field implements CompletedField {
  private readonly isRequired: boolean;
  private readonly complete: Complete;

  constructor(
    private readonly parentType: GraphQLObjectType,
    private readonly definition: GraphQLField<unknown, unknown>,
    /** In the answer. */
    private readonly responseName: string,
    readonly nodes: readonly [FieldNode, ...FieldNode[]],
    private readonly select: (type: GraphQLObjectType, nodes: readonly FieldNode[]) => ObjectSelection,
  ) {
    this.isRequired = isNonNullType(definition.type);
    this.complete = completerOf(definition.type, this);
  }

  /** The way to execute it that fits what it is. */
  executor(): ExecuteField {
    const { definition } = this;
    if (definition.name === '__typename') return () => this.parentType.name;
    if (definition.resolve !== undefined) return (run, source, parent) => this.resolve(run, source, parent);
    const leaf = definition.args.length === 0 ? leafCompleterOf(definition.type, this.title) : null;
    return leaf === null
      ? (run, source, parent) => this.readProperty(run, source, parent)
      : (run, source, parent) => this.readLeaf(leaf, run, source, parent);
  }

  /** For errors that are ours. */
  get title(): string {
    return `${this.parentType.name}.${this.definition.name}`;
  }

  selectionOf(type: GraphQLObjectType): ObjectSelection {
    return this.select(type, this.nodes);
  }

  private infoOf(run: Run, path: ResponsePath): GraphQLResolveInfo {
    const { definition, nodes, parentType } = this;
    return {
      fieldName: definition.name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType,
      path,
      schema: run.schema,
      fragments: run.fragments,
      rootValue: run.rootValue,
      operation: run.operation,
      variableValues: run.variableValues,
    };
  }

  /** An error of the field, or of an item in it: null in its place where that may be null, else thrown on. */
  fail(run: Run, error: unknown, place: ResponsePath, isRequired: boolean): null {
    const located = locatedError(error, this.nodes, stepsTo(place));
    if (isRequired) throw located;
    run.failures.add(located, place);
    return null;
  }

  private placeIn(parent: Place): ResponsePath {
    return { prev: parent, key: this.responseName, typename: this.parentType.name };
  }

  /** A plain value of an object: no promise, no path and no `info`, unless it turns out to be something else. */
  private readLeaf(leaf: (value: unknown) => unknown, run: Run, source: unknown, parent: Place): unknown {
    let value: unknown;
    try {
      value = propertyOf(source, this.definition.name);
      if (!isUncommon(value)) return leaf(value);
    } catch (error) {
      return this.fail(run, error, this.placeIn(parent), this.isRequired);
    }
    return this.finish(run, source, value, this.placeIn(parent));
  }

  private readProperty(run: Run, source: unknown, parent: Place): unknown {
    const place = this.placeIn(parent);
    let value: unknown;
    try {
      // Also where nobody reads them: one that is missing is an error of the field.
      if (this.definition.args.length > 0) this.argumentsOf(run);
      value = propertyOf(source, this.definition.name);
    } catch (error) {
      return this.fail(run, error, place, this.isRequired);
    }
    return this.finish(run, source, value, place);
  }

  /** A property may be a method, which then is its resolver. */
  private finish(run: Run, source: unknown, value: unknown, place: ResponsePath): unknown {
    if (typeof value !== 'function') return this.settle(run, value, place, undefined);
    const info = this.infoOf(run, place);
    let result: unknown;
    try {
      const methods = source as Readonly<Record<string, (...call: unknown[]) => unknown>>;
      result = methods[this.definition.name]?.(this.argumentsOf(run), run.contextValue, info);
    } catch (error) {
      return this.fail(run, error, place, this.isRequired);
    }
    return this.settle(run, result, place, info);
  }

  private resolve(run: Run, source: unknown, parent: Place): unknown {
    const place = this.placeIn(parent);
    const info = this.infoOf(run, place);
    let value: unknown;
    try {
      value = this.definition.resolve?.(source, this.argumentsOf(run), run.contextValue, info);
    } catch (error) {
      return this.fail(run, error, place, this.isRequired);
    }
    return this.settle(run, value, place, info);
  }

  private argumentsOf(run: Run): Record<string, unknown> {
    const { definition, nodes } = this;
    return definition.args.length === 0 ? {} : getArgumentValues(definition, nodes[0], run.variableValues);
  }

  private settle(run: Run, value: unknown, place: ResponsePath, info: GraphQLResolveInfo | undefined): unknown {
    const { complete, isRequired } = this;
    if (isPromise(value)) {
      return value
        .then((resolved) => complete(run, resolved, place, info ?? this.infoOf(run, place)))
        .then(undefined, (error: unknown) => this.fail(run, error, place, isRequired));
    }
    try {
      const completed = complete(run, value, place, info ?? this.infoOf(run, place));
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => this.fail(run, error, place, isRequired));
    } catch (error) {
      return this.fail(run, error, place, isRequired);
    }
  }
}

function propertyOf(source: unknown, name: string): unknown {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  return (source as Readonly<Record<string, unknown>>)[name];
}

/** What has to be waited for, called or thrown. */
function isUncommon(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && (value instanceof Error || isPromise(value));
}
