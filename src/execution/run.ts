import type {
  ExecutionArgs,
  FragmentDefinitionNode,
  GraphQLError,
  OperationDefinitionNode,
  ResponsePath,
} from 'graphql';

/** Where in the answer something is: a list from the inside out, as graphql-js has it. Undefined: the answer itself. */
export type Place = ResponsePath | undefined;

/** One execution of an operation: what all of its fields share. */
export interface Run {
  readonly schema: ExecutionArgs['schema'];
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  /** Coerced. */
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly failures: Failures;
}

/** The errors of an execution, in the order in which they were met. */
export class Failures {
  readonly errors: GraphQLError[] = [];
  /** What an error has made null. By identity: everything inside a place holds that very object. */
  private readonly nulled = new Set<Place>();

  /** Of what is inside of a place that is null already nothing is told: who would look for it there? */
  add(error: GraphQLError, place: Place): void {
    if (this.nulled.size > 0 && this.isNulled(place)) return;
    this.nulled.add(place);
    this.errors.push(error);
  }

  private isNulled(place: Place): boolean {
    for (let at = place; at !== undefined; at = at.prev) if (this.nulled.has(at)) return true;
    return this.nulled.has(undefined);
  }
}

/** From the outside in, as errors tell it. */
export function stepsTo(place: Place): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.prev) steps.push(at.key);
  return steps.reverse();
}

/** As graphql-js has it: whatever has a `then`. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
