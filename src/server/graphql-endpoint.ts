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
import type { CurrentRequest } from '../tracing/current-request';
import { nameOperation } from '../tracing/spans';
import { admitOperation } from './admit-operation';
import type { Gate } from './gate';
import { internal } from './operation-errors';
import { BadRequest, readJsonBody } from './read-body';
import type { ReadFacts } from './request-facts';

export interface GraphqlEndpoint {
  handle(request: IncomingMessage, response: ServerResponse, current: CurrentRequest): Promise<void>;
  stop(): Promise<void>;
}

/** What Apollo calls the context: its hooks get it too, and are how an error finds its request. */
interface HttpOperation {
  readonly current: CurrentRequest;
  readonly context: RequestContext;
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
  const failures: Failures = new WeakMap();
  const apollo = new ApolloServer<HttpOperation>({
    gateway: executedByUs(schema),
    // Whether it is allowed, a rule of the gate says: for the socket too.
    introspection: true,
    validationRules: [...gate.rules],
    // Measured: the default cacheControl plugin instruments every field, ×1.7 on nested queries.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      namingRequests(failures),
      NO_SUBSCRIPTIONS,
    ],
    // With a manifest clients may not bring operations of their own.
    persistedQueries: gate.operations === null ? {} : false,
    formatError: (formatted, error) =>
      error instanceof GraphQLError
        ? gate.formatError(error, failures.get(error)?.id ?? null)
        : gate.formatError(new GraphQLError(formatted.message, formatted), null),
    includeStacktraceInErrorResponses: false,
    // Apollo's own is indented: 2.6 % of the CPU of an inbox of 50, and a longer answer.
    stringifyResult: (value) => JSON.stringify(value),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: gate.maxTokens },
  });
  await apollo.start();
  return {
    handle: async (request, response, current) => {
      await answer({ apollo, app, gate, readFacts, onStranger, failures }, request, response, current);
    },
    stop: () => apollo.stop(),
  };
}

/** What Apollo calls a gateway is the one place where it lets somebody else execute: everything before and after stays its own. */
function executedByUs(schema: GraphQLSchema): ApolloServerOptionsWithGateway<HttpOperation>['gateway'] {
  return {
    load: async () => ({
      executor: async ({ document, request, context }) =>
        executeOperation({
          schema,
          document,
          operationName: request.operationName,
          variableValues: request.variables,
          contextValue: context.context,
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
const NO_SUBSCRIPTIONS: ApolloServerPlugin<HttpOperation> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw new GraphQLError('Subscriptions run over the socket: use the graphql-transport-ws protocol.', {
        extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
      });
    },
  }),
};

/** Whose errors they are: `formatError` of Apollo is told of nothing but the error. */
type Failures = WeakMap<GraphQLError, CurrentRequest>;

/** Ties operations and errors to their requests. */
function namingRequests(failures: Failures): ApolloServerPlugin<HttpOperation> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, operationName, contextValue }) => {
        if (operation !== undefined) nameOperation(contextValue.current, operation.operation, operationName ?? null);
      },
      didEncounterErrors: async ({ errors, contextValue }) => {
        for (const error of errors) failures.set(error, contextValue.current);
      },
    }),
  };
}

async function answer(
  {
    apollo,
    app,
    gate,
    readFacts,
    onStranger,
    failures,
  }: {
    apollo: ApolloServer<HttpOperation>;
    app: App;
    gate: Gate;
    readFacts: ReadFacts;
    onStranger?: () => void;
    failures: Failures;
  },
  request: IncomingMessage,
  response: ServerResponse,
  current: CurrentRequest,
): Promise<void> {
  const asked = await requestOf(request);
  const result = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: gate.operations === null ? asked : admitOperation(gate.operations, asked),
    context: async () => {
      try {
        const facts = readFacts(request);
        const principal = await authenticate(app.database.source, request.headers.authorization ?? null, facts);
        if (principal === null && request.headers.authorization !== undefined) onStranger?.();
        return { current, context: new RequestContext(app, principal, facts, true) };
      } catch (error) {
        // Without a context no hook is told of the error.
        const failure = internal(error);
        failures.set(failure, current);
        throw failure;
      }
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
