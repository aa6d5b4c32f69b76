import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  HeaderMap,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { type GraphQLSchema, GraphQLError, OperationTypeNode } from 'graphql';
import { executeOperation } from '../execution/execute-operation';
import { authenticate } from '../queries/authenticate';
import { type App, RequestContext } from '../resolvers/request-context';
import { nameOperation } from '../tracing/spans';
import { admitOperation } from './admit-operation';
import type { Gate } from './gate';
import { BadRequest, readJsonBody } from './read-body';
import type { ReadFacts } from './request-facts';

export interface GraphqlEndpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

/** Queries and mutations over HTTP. Each request is authenticated anew, so a revoked token is refused at once. */
export async function createGraphqlEndpoint(options: {
  schema: GraphQLSchema;
  app: App;
  gate: Gate;
  readFacts: ReadFacts;
  /** Told of each credential that is not valid. */
  onStranger?: () => void;
}): Promise<GraphqlEndpoint> {
  const { schema, app, gate, readFacts, onStranger } = options;
  const apollo = new ApolloServer<RequestContext>({
    gateway: executedByUs(schema),
    // Whether it is allowed, a rule of the gate says: for the socket too.
    introspection: true,
    validationRules: [...gate.rules],
    // Measured: the default cacheControl plugin instruments every field, ×1.7 on nested queries.
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), NO_SUBSCRIPTIONS],
    // With a manifest clients may not bring operations of their own.
    persistedQueries: gate.operations === null ? {} : false,
    formatError: (formatted, error) =>
      gate.formatError(error instanceof GraphQLError ? error : new GraphQLError(formatted.message, formatted)),
    includeStacktraceInErrorResponses: false,
    // Apollo's own is indented: 2.6 % of the CPU of an inbox of 50, and a longer answer.
    stringifyResult: (value) => JSON.stringify(value),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: gate.maxTokens },
  });
  await apollo.start();
  return {
    handle: (request, response) => answer({ apollo, app, gate, readFacts, onStranger }, request, response),
    stop: () => apollo.stop(),
  };
}

/** What Apollo calls a gateway is the one place where it lets somebody else execute: everything before and after stays its own. */
function executedByUs(schema: GraphQLSchema): ApolloServerOptionsWithGateway<RequestContext>['gateway'] {
  return {
    load: async () => ({
      executor: async ({ document, request, context }) =>
        executeOperation({
          schema,
          document,
          operationName: request.operationName,
          variableValues: request.variables,
          contextValue: context,
        }),
    }),
    onSchemaLoadOrUpdate: (tell) => {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

/** Executed as if it were a query, a subscription would call its resolver without an event: an internal error. */
const NO_SUBSCRIPTIONS: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, operationName }) => {
      if (operation !== undefined) nameOperation(operation.operation, operationName ?? null);
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw new GraphQLError('Subscriptions run over the socket: use the graphql-transport-ws protocol.', {
        extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
      });
    },
  }),
};

async function answer(
  {
    apollo,
    app,
    gate,
    readFacts,
    onStranger,
  }: {
    apollo: ApolloServer<RequestContext>;
    app: App;
    gate: Gate;
    readFacts: ReadFacts;
    onStranger?: () => void;
  },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await requestOf(request);
  const result = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: gate.operations === null ? asked : admitOperation(gate.operations, asked),
    context: async () => {
      const facts = readFacts(request);
      const principal = await authenticate(app.database.source, request.headers.authorization ?? null, facts);
      if (principal === null && request.headers.authorization !== undefined) onStranger?.();
      return new RequestContext(app, principal, facts, true);
    },
  });
  if (result.body.kind !== 'complete') throw new BadRequest(406, 'Incremental delivery is not offered here.');
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.statusCode = result.status ?? 200;
  response.end(result.body.string);
}

async function requestOf(request: IncomingMessage): Promise<HTTPGraphQLRequest> {
  return {
    method: request.method ?? 'GET',
    headers: headersOf(request),
    search: new URL(request.url ?? '', 'http://any').search,
    body: request.method === 'POST' ? await readJsonBody(request) : undefined,
  };
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
