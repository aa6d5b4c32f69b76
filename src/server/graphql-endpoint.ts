import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { type GraphQLSchema, GraphQLError, OperationTypeNode } from 'graphql';
import { authenticate } from '../queries/authenticate';
import type { Log } from '../realtime/log';
import { type App, RequestContext } from '../resolvers/request-context';
import { formatError } from './format-error';
import { BadRequest, readJsonBody } from './read-body';

export interface GraphqlEndpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

/** Queries and mutations over HTTP. Each request is authenticated anew, so a revoked token is refused at once. */
export async function createGraphqlEndpoint(options: {
  schema: GraphQLSchema;
  app: App;
  introspection: boolean;
  log: Log;
}): Promise<GraphqlEndpoint> {
  const { schema, app, introspection, log } = options;
  const apollo = new ApolloServer<RequestContext>({
    schema,
    introspection,
    // "Did you mean …?" would tell the schema name by name.
    hideSchemaDetailsFromClientErrors: !introspection,
    // Measured: the default cacheControl plugin instruments every field, ×1.7 on nested queries.
    plugins: [ApolloServerPluginCacheControlDisabled(), NO_SUBSCRIPTIONS],
    formatError: (formatted, error) =>
      formatError(error instanceof GraphQLError ? error : new GraphQLError(formatted.message, formatted), log),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: 4000 },
  });
  await apollo.start();
  return {
    handle: (request, response) => answer(apollo, app, request, response),
    stop: () => apollo.stop(),
  };
}

/** Executed as if it were a query, a subscription would call its resolver without an event: an internal error. */
const NO_SUBSCRIPTIONS: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw new GraphQLError('Subscriptions run over the socket: use the graphql-transport-ws protocol.', {
        extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
      });
    },
  }),
};

async function answer(
  apollo: ApolloServer<RequestContext>,
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const result = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      search: new URL(request.url ?? '', 'http://any').search,
      body: request.method === 'POST' ? await readJsonBody(request) : undefined,
    },
    context: async () => {
      const principal = await authenticate(app.database.source, request.headers.authorization ?? null);
      return new RequestContext(app, principal, factsOf(request), true);
    },
  });
  if (result.body.kind !== 'complete') throw new BadRequest(406, 'Incremental delivery is not offered here.');
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.statusCode = result.status ?? 200;
  response.end(result.body.string);
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function factsOf(request: IncomingMessage): RequestContext['request'] {
  return {
    userAgent: request.headers['user-agent'] ?? null,
    origin: request.headers.origin ?? null,
    closeSocket: () => undefined,
  };
}
