import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { isPassingFault } from '../database/passing-fault';
import type { Principal } from '../domain/actor';
import type { Render } from '../realtime/backlog';
import type { StreamItem } from '../realtime/event-feed';
import { retryRead } from '../realtime/retry';
import { ViewerAsked } from '../realtime/stream-groups';
import { unnamed } from './access-scope';
import type { PlannedOperation } from './document-cache';
import type { Gate } from './gate';

export interface RenderOptions {
  readonly schema: GraphQLSchema;
  readonly gate: Pick<Gate, 'formatError'>;
  /** What the resolvers get, made anew for each batch of events: it may cache rows. */
  readonly createRenderContext: (principal: Principal) => object;
  readonly operation: PlannedOperation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

const NEVER = new AbortController().signal;

/**
 * Executes the operation for each item, all of a batch together, and serialises what came out. A fault of the database
 * that passes is waited for: for a client it would be a lost event. Throws when it does not pass within 3 s.
 */
export function renderEvents(options: RenderOptions, isPersonal: boolean): Render {
  return async (items) => {
    const { isAsked, results } = await retryRead(() => executeAll(options, items, isPersonal), NEVER);
    if (isAsked) throw new ViewerAsked('A field depends on who is looking.');
    return results.map((result) => payloadOf(options.gate, result));
  };
}

async function executeAll(
  { schema, operation, variables, principal, createRenderContext }: RenderOptions,
  items: readonly StreamItem[],
  isPersonal: boolean,
): Promise<{ isAsked: boolean; results: readonly ExecutionResult[] }> {
  let isAsked = false;
  const onAsked = (): void => {
    isAsked = true;
  };
  const viewer = principal.kind === 'USER' && !isPersonal ? unnamed(principal, onAsked) : principal;
  const shared = {
    schema,
    document: operation.document,
    operationName: operation.node.name?.value ?? null,
    variableValues: variables,
    contextValue: createRenderContext(viewer),
  };
  const results = await Promise.all(items.map(async (item) => execute({ ...shared, rootValue: item })));
  const passing = results.flatMap(({ errors }) => errors ?? []).find((error) => isPassingFault(error.originalError));
  // Refusals of a field and faults of ours would be the same the next time: those are told.
  if (passing !== undefined) throw passing;
  return { isAsked, results };
}

function payloadOf(gate: RenderOptions['gate'], { errors, ...result }: ExecutionResult): Buffer {
  const told = errors === undefined ? {} : { errors: errors.map((error) => gate.formatError(error)) };
  return Buffer.from(JSON.stringify({ ...result, ...told }));
}
