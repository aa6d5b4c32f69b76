import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../realtime/log';
import type { ExplorerHandler } from './explorer';
import type { GraphqlEndpoint } from './graphql-endpoint';
import { BadRequest } from './read-body';
import { parseUrl } from '../domain/validation/parse-url';

export const GRAPHQL_PATH = '/graphql';
export const EXPLORER_PATH = '/explorer';

export interface HttpServerOptions {
  readonly endpoint: GraphqlEndpoint;
  /** Null: there is none. */
  readonly explorer: ExplorerHandler | null;
  /** Origins whose pages may call us; empty allows any. Credentials are tokens, never cookies, so "any" is harmless. */
  readonly allowedOrigins: readonly string[];
  /** Whether this process can serve: not while it starts or stops, nor while its database is away. */
  readonly isReady: () => Promise<boolean>;
  readonly log: Log;
  /** PATIENCE unless told. */
  readonly patience?: Patience;
}

/** How long a client may take to say what it wants, in milliseconds. */
export interface Patience {
  readonly headersMs: number;
  /** For all of the request, its body included. */
  readonly requestMs: number;
  /** How often it is looked at: nobody is cut sooner than the next look. */
  readonly checkMs: number;
}

/** Node looks every 30 s by itself: headers at a byte a second would hold a connection for 45 s. */
const PATIENCE: Patience = { headersMs: 15_000, requestMs: 30_000, checkMs: 5000 };

/** The HTTP side of a process. Sockets are attached to the same server by `attachSocketServer`. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { headersMs, requestMs, checkMs } = options.patience ?? PATIENCE;
  const timeouts = { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs };
  return createServer(timeouts, (request, response) => {
    route(options, request, response).catch((error: unknown) => fail(options.log, response, error));
  });
}

async function route(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  if (path === '/healthz') {
    end(response, 200, 'ok');
  } else if (path === '/readyz') {
    const ready = await options.isReady();
    end(response, ready ? 200 : 503, ready ? 'ready' : 'not ready');
  } else if (path === GRAPHQL_PATH) {
    await graphql(options, request, response);
  } else if (options.explorer?.(request, response) !== true) {
    end(response, 404, `Not found. The API is at ${GRAPHQL_PATH}.`);
  }
}

async function graphql(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined) {
    const allowed = options.allowedOrigins.length === 0 || options.allowedOrigins.includes(origin);
    if (!allowed) {
      end(response, 403, 'Pages of this origin may not call the API: see BATON_ALLOWED_ORIGINS.');
      return;
    }
    allowOrigin(response, origin);
  }
  if (request.method === 'OPTIONS') end(response, 204, '');
  else await options.endpoint.handle(request, response);
}

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, apollo-require-preflight');
  response.setHeader('Access-Control-Max-Age', '86400');
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  return parseUrl(url, 'http://any')?.pathname ?? '';
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

function fail(log: Log, response: ServerResponse, error: unknown): void {
  const known = error instanceof BadRequest;
  if (!known) log.error({ err: error }, 'a request failed outside of GraphQL');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const code = known ? error.code : 'INTERNAL_SERVER_ERROR';
  const message = known ? error.message : 'Something went wrong on our side. Try again.';
  response.statusCode = known ? error.status : 500;
  // What is left of the body is not read: the connection cannot be used again.
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
