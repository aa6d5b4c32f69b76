import {
  type ExecutionArgs,
  type ExecutionResult,
  getVariableValues,
  GraphQLError,
  type GraphQLFormattedError,
  OperationTypeNode,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { Principal } from '../domain/actor';
import { StreamGroups } from '../realtime/stream-groups';
import { DocumentCache, type PlannedOperation } from './document-cache';
import { badRequest, internal, withCode } from './operation-errors';
import { socketRequestId } from './request-id';
import { SharedStreams, type SocketOperation } from './shared-streams';
import type { SocketConnection, SocketServerOptions } from './socket-options';
import type { SocketPeer } from './socket-peer';

const MAX_STREAMS = 100;
const MAX_VARIABLE_ERRORS = 50;

type SocketContext = Context<Record<string, unknown>, SocketPeer>;

type Options = Pick<SocketServerOptions, 'schema' | 'gate' | 'createContext' | 'createRenderContext' | 'hub' | 'log'>;

/** What happens to an operation that came over a socket: the same gate as on HTTP, and subscriptions alone. */
export class SocketOperations {
  readonly groups: StreamGroups;
  private readonly documents: DocumentCache;
  private readonly shared: SharedStreams;
  /** What `subscribe` has to know and graphql-ws does not hand on. */
  private readonly operations = new WeakMap<ExecutionArgs, SocketOperation>();

  constructor(private readonly options: Options) {
    const { schema, gate, hub, log, createRenderContext } = options;
    this.groups = new StreamGroups(hub, log);
    this.documents = new DocumentCache(schema, gate);
    this.shared = new SharedStreams({ schema, gate, createRenderContext, groups: this.groups, log });
  }

  hooks(): Pick<
    ServerOptions<Record<string, unknown>, SocketPeer>,
    'onSubscribe' | 'subscribe' | 'onNext' | 'onError'
  > {
    const { gate } = this.options;
    const formatErrors = (
      { extra: peer }: SocketContext,
      id: string,
      errors: readonly GraphQLError[],
    ): readonly GraphQLFormattedError[] => errors.map((error) => gate.formatError(error, socketRequestId(peer.id, id)));
    return {
      onSubscribe: (context, id, payload) => this.prepare(context, id, payload),
      subscribe: (args) => this.subscribe(args),
      onNext: (context, id, _payload, _args, result) =>
        result.errors === undefined ? undefined : { ...result, errors: formatErrors(context, id, result.errors) },
      onError: (context, id, _payload, errors) => formatErrors(context, id, errors),
    };
  }

  /** Never throws: graphql-ws would close the socket, and all other streams with it, for one bad operation. */
  private async prepare(
    context: SocketContext,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | GraphQLError[]> {
    try {
      if (Object.keys(context.subscriptions).length > MAX_STREAMS) {
        return [badRequest(`One socket carries at most ${MAX_STREAMS} subscriptions. Complete some, or open another.`)];
      }
      const operation = this.find(payload);
      if (!('document' in operation)) return [...operation];
      const { extra: peer } = context;
      const { principal } = peer;
      if (principal === null) throw new Error('An operation came over a socket that was not acknowledged.');
      // graphql-ws keeps the payload as long as the subscription: one text for all that send the same.
      Object.assign(payload, { query: operation.query });
      const args: ExecutionArgs = {
        schema: this.options.schema,
        document: operation.document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: await this.contextOf(peer, principal),
      };
      this.operations.set(args, { peer, principal, id, operation });
      return args;
    } catch (error) {
      return [internal(error)];
    }
  }

  private find(payload: SubscribePayload): PlannedOperation | readonly GraphQLError[] {
    const { schema, gate } = this.options;
    const query = gate.operations === null ? payload.query : gate.operations.find(payload);
    if (typeof query !== 'string') return [new GraphQLError(query.message, { extensions: { code: query.code } })];
    const found = this.documents.find(query, payload.operationName ?? null);
    if (!('document' in found)) return found;
    if (found.node.operation !== OperationTypeNode.SUBSCRIPTION) {
      return [badRequest('Only subscriptions run over the socket: send queries and mutations over HTTP.')];
    }
    // `subscribe` would find the same, and its errors would look like ours: some wrap what a scalar threw.
    const unfit = getVariableValues(schema, found.node.variableDefinitions ?? [], payload.variables ?? {}, {
      maxErrors: MAX_VARIABLE_ERRORS,
    }).errors;
    return unfit === undefined ? found : unfit.map((error) => withCode(error, 'BAD_USER_INPUT'));
  }

  private async contextOf(peer: SocketPeer, principal: Principal): Promise<object> {
    const connection: SocketConnection = {
      id: peer.id,
      request: peer.request,
      closeSocket: (code, reason) => peer.close(code, reason),
    };
    return this.options.createContext(principal, connection);
  }

  private async subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
    try {
      const from = this.operations.get(args);
      if (from === undefined) throw new Error('An operation came that was not prepared.');
      return await this.shared.open(args, from);
    } catch (error) {
      return { errors: [internal(error)] };
    }
  }
}
