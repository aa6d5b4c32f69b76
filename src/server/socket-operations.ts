import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { SocketConnection, SocketServerOptions } from './socket-options';
import type { SocketPeer } from './socket-peer';

const MAX_STREAMS = 100;
const MAX_TOKENS = 2000;

type SocketContext = Context<Record<string, unknown>, SocketPeer>;

/** What happens to an operation that came over a socket: the same gate as on HTTP, and subscriptions alone. */
export class SocketOperations {
  constructor(
    private readonly options: Pick<
      SocketServerOptions,
      'schema' | 'validationRules' | 'createContext' | 'formatErrors' | 'log'
    >,
  ) {}

  hooks(): Pick<
    ServerOptions<Record<string, unknown>, SocketPeer>,
    'onSubscribe' | 'subscribe' | 'onNext' | 'onError'
  > {
    const { formatErrors } = this.options;
    return {
      onSubscribe: (context, _id, payload) => this.prepare(context, payload),
      subscribe: (args) => this.subscribe(args),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors === undefined ? undefined : { ...result, errors: formatErrors(result.errors) },
      onError: (_context, _id, _payload, errors) => formatErrors(errors),
    };
  }

  /** Never throws: graphql-ws would close the socket, and all other streams with it, for one bad operation. */
  private async prepare(context: SocketContext, payload: SubscribePayload): Promise<ExecutionArgs | GraphQLError[]> {
    try {
      if (Object.keys(context.subscriptions).length > MAX_STREAMS) {
        return [badRequest(`One socket carries at most ${MAX_STREAMS} subscriptions. Complete some, or open another.`)];
      }
      const checked = this.check(payload);
      if (!('document' in checked)) return checked.errors;
      return {
        schema: this.options.schema,
        document: checked.document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: await this.contextOf(context.extra),
      };
    } catch (error) {
      return [internal(error)];
    }
  }

  private check(payload: SubscribePayload): { document: DocumentNode } | { errors: GraphQLError[] } {
    const { schema, validationRules } = this.options;
    const document = parseQuery(payload.query);
    if (document instanceof GraphQLError) return { errors: [document] };
    const operation = getOperationAST(document, payload.operationName);
    if (operation == null) return { errors: [badRequest('The document has no such operation.')] };
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      return { errors: [badRequest('Only subscriptions run over the socket: send queries and mutations over HTTP.')] };
    }
    const errors = validate(schema, document, [...specifiedRules, ...validationRules]);
    return errors.length > 0 ? { errors: [...errors] } : { document };
  }

  private async contextOf(peer: SocketPeer): Promise<object> {
    if (peer.principal === null) throw new Error('An operation came over a socket that was not acknowledged.');
    const connection: SocketConnection = {
      id: peer.id,
      request: peer.request,
      closeSocket: (code, reason) => peer.close(code, reason),
    };
    return this.options.createContext(peer.principal, connection);
  }

  private async subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
    try {
      return await subscribe(args);
    } catch (error) {
      return { errors: [internal(error)] };
    }
  }
}

function parseQuery(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}

/** `formatErrors` sees the original, logs it and hides it. */
function internal(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError('Internal server error.', { originalError });
}
