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
import { admitOperation, type Asked } from './admit-operation';
import type { Gate } from './gate';
import { executeKnown, type KnownOperation, KnownOperations } from './known-operation';
import { internal } from './operation-errors';
import type { OperationManifest } from './operation-manifest';
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
  const known = new KnownOperations();
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
      remembering(known),
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
      const asked = await requestOf(request, gate.operations);
      const contextOf = contextOnce({ app, readFacts, onStranger, failures }, request, current);
      const plain = known.find(asked, request.headers);
      const done = plain !== null && (await answerKnown({ schema, gate }, plain, response, { current, contextOf }));
      if (!done) await answer(apollo, { ...asked, headers: headersOf(request) }, response, contextOf);
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

interface ContextOptions {
  readonly app: App;
  readonly readFacts: ReadFacts;
  readonly onStranger?: (() => void) | undefined;
  readonly failures: Failures;
}

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

/** What has passed every rule once need not be asked again. */
function remembering(known: KnownOperations): ApolloServerPlugin<HttpOperation> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document }) => known.remember(source, document),
    }),
  };
}

/** Authenticates when it is first asked, and once. */
function contextOnce(
  { app, readFacts, onStranger, failures }: ContextOptions,
  request: IncomingMessage,
  current: CurrentRequest,
): () => Promise<HttpOperation> {
  let context: Promise<HttpOperation> | undefined;
  const make = async (): Promise<HttpOperation> => {
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
  };
  return () => (context ??= make());
}

/** Whether it was answered: what fails before anything is executed is left to Apollo. */
async function answerKnown(
  { schema, gate }: { readonly schema: GraphQLSchema; readonly gate: Gate },
  known: KnownOperation,
  response: ServerResponse,
  { current, contextOf }: { readonly current: CurrentRequest; readonly contextOf: () => Promise<HttpOperation> },
): Promise<boolean> {
  const held = await contextOf().catch(() => null);
  if (held === null) return false;
  nameOperation(current, known.operation.operation, known.operation.name?.value ?? null);
  const json = await executeKnown(schema, gate, known, { context: held.context, requestId: current.id });
  if (json === null) return false;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(json);
  return true;
}

async function answer(
  apollo: ApolloServer<HttpOperation>,
  httpGraphQLRequest: HTTPGraphQLRequest,
  response: ServerResponse,
  context: () => Promise<HttpOperation>,
): Promise<void> {
  const result = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
  if (result.body.kind !== 'complete') throw new BadRequest(406, 'Incremental delivery is not offered here.');
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.statusCode = result.status ?? 200;
  response.end(result.body.string);
}

async function requestOf(request: IncomingMessage, operations: OperationManifest | null): Promise<Asked> {
  const asked = {
    method: request.method ?? 'GET',
    search: new URL(request.url ?? '', 'http://any').search,
    body: request.method === 'POST' ? await readJsonBody(request) : undefined,
  };
  return operations === null ? asked : admitOperation(operations, asked);
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
