import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLFormattedError,
  OperationTypeNode,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { OperationRefusal } from './operation-manifest';
import type { SocketConnection, SocketServerOptions } from './socket-options';
import type { SocketPeer } from './socket-peer';

const MAX_STREAMS = 100;
const MAX_VARIABLE_ERRORS = 50;

type SocketContext = Context<Record<string, unknown>, SocketPeer>;

/** What happens to an operation that came over a socket: the same gate as on HTTP, and subscriptions alone. */
export class SocketOperations {
  constructor(private readonly options: Pick<SocketServerOptions, 'schema' | 'gate' | 'createContext'>) {}

  hooks(): Pick<
    ServerOptions<Record<string, unknown>, SocketPeer>,
    'onSubscribe' | 'subscribe' | 'onNext' | 'onError'
  > {
    const { gate } = this.options;
    const formatErrors = (errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] =>
      errors.map((error) => gate.formatError(error));
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
    const { schema, gate } = this.options;
    const query = gate.operations === null ? payload.query : gate.operations.find(payload);
    if (typeof query !== 'string') return { errors: [refused(query)] };
    const document = parseQuery(query, gate.maxTokens);
    if (document instanceof GraphQLError) return { errors: [document] };
    const operation = getOperationAST(document, payload.operationName);
    if (operation == null) return { errors: [badRequest('The document has no such operation.')] };
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      return { errors: [badRequest('Only subscriptions run over the socket: send queries and mutations over HTTP.')] };
    }
    const errors = validate(schema, document, [...specifiedRules, ...gate.rules]);
    if (errors.length > 0) return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
    // `subscribe` would find the same, and its errors would look like ours: some wrap what a scalar threw.
    const unfit = getVariableValues(schema, operation.variableDefinitions ?? [], payload.variables ?? {}, {
      maxErrors: MAX_VARIABLE_ERRORS,
    }).errors;
    return unfit === undefined ? { document } : { errors: unfit.map((error) => withCode(error, 'BAD_USER_INPUT')) };
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

function parseQuery(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

/** The code that Apollo gives the same error on HTTP. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code, ...extensions } });
}

function refused({ message, code }: OperationRefusal): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function badRequest(message: string): GraphQLError {
  return refused({ message, code: 'BAD_REQUEST' });
}

/** `formatErrors` sees the original, logs it and hides it. */
function internal(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError('Internal server error.', { originalError });
}
