import { type ExecutionResult, type GraphQLSchema } from 'graphql';
import { executeOperation } from '../execution/execute-operation';
import type { Principal } from '../domain/actor';
import type { Render } from '../realtime/backlog';
import { ViewerAsked } from '../realtime/stream-groups';
import { unnamed } from './access-scope';
import type { PlannedOperation } from './document-cache';
import { executeWaiting } from './execute-waiting';
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

/**
 * Executes the operation for each item, all of a batch together, and serialises what came out. Throws ViewerAsked, and
 * what the database throws for more than 3 s.
 */
export function renderEvents(options: RenderOptions, isPersonal: boolean): Render {
  const { schema, gate, operation, variables, principal, createRenderContext } = options;
  return async (items) => {
    let isAsked = false;
    const onAsked = (): void => {
      isAsked = true;
    };
    const viewer = principal.kind === 'USER' && !isPersonal ? unnamed(principal, onAsked) : principal;
    const results = await executeWaiting(() => {
      const shared = {
        schema,
        document: operation.document,
        operationName: operation.node.name?.value ?? null,
        variableValues: variables,
        contextValue: createRenderContext(viewer),
      };
      return Promise.all(items.map(async (item) => executeOperation({ rootValue: item, ...shared })));
    });
    if (wasAsked()) throw new ViewerAsked('A field depends on who is looking.');
    return results.map((result) => payloadOf(gate, result));

    function wasAsked(): boolean {
      return isAsked;
    }
  };
}

function payloadOf(gate: RenderOptions['gate'], { errors, ...result }: ExecutionResult): Buffer {
  const told = errors === undefined ? {} : { errors: errors.map((error) => gate.formatError(error, null)) };
  return Buffer.from(JSON.stringify({ ...result, ...told }));
}
