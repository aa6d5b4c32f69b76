import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../realtime/log';
import type { ExplorerHandler } from './explorer';
import type { GraphqlEndpoint } from './graphql-endpoint';
import type { TrustedProxies } from '../config/config';
import type { CurrentRequest } from '../tracing/current-request';
import { inSpan } from '../tracing/spans';
import { ATTACHMENTS_PATH, type AttachmentEndpoint } from './attachment-endpoint';
import { type BodyDeadline, setBodyDeadline } from './body-deadline';
import { admitOrigin } from './origins';
import { BadRequest } from './read-body';
import { requestIdOf } from './request-id';
import { answerTurnOff, TURN_OFF_PATH, type TurnOff } from './turn-off-endpoint';
import { parseUrl } from '../domain/validation/parse-url';

export const GRAPHQL_PATH = '/graphql';
export const EXPLORER_PATH = '/explorer';

export interface HttpServerOptions {
  readonly endpoint: GraphqlEndpoint;
  /** Null: there is none. */
  readonly explorer: ExplorerHandler | null;
  /** What the links lead to by which people turn mails off. Left out: nothing is there. */
  readonly turnOff?: TurnOff;
  /** What the links to files lead to. Left out: nothing is there. */
  readonly attachments?: AttachmentEndpoint;
  /** Origins whose pages may call us; empty allows any. Credentials are tokens, never cookies, so "any" is harmless. */
  readonly allowedOrigins: readonly string[];
  /** Whether this process can serve: not while it starts or stops, nor while its database is away. */
  readonly isReady: () => Promise<boolean>;
  /** What answers at a path of its own beside the API. */
  readonly hooks?: ReadonlyMap<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>;
  readonly log: Log;
  /** Whose `x-request-id` is taken over. */
  readonly trustedProxies: TrustedProxies | null;
  /** In how many seconds a request has to come again, since too many wait already; null: it is answered. */
  readonly refusalOf?: () => number | null;
  /** Told of each GraphQL request at its end: the HTTP status, or "cut" when its client did not wait for it. */
  readonly onEnded?: (request: { operation: string; status: string; seconds: number }) => void;
  /** PATIENCE unless told. */
  readonly patience?: Patience;
}

/** How long a client may take to say what it wants, in milliseconds. */
export interface Patience {
  readonly headersMs: number;
  /** For its body, from the end of the headers on; that of an upload has a time of its own. */
  readonly requestMs: number;
  /** How often it is looked at: nobody is cut sooner than the next look. */
  readonly checkMs: number;
}

/** Node looks every 30 s by itself: headers at a byte a second would hold a connection for 45 s. */
const PATIENCE: Patience = { headersMs: 15_000, requestMs: 30_000, checkMs: 5000 };

/** The HTTP side of a process. Sockets are attached to the same server by `attachSocketServer`. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { headersMs, requestMs, checkMs } = options.patience ?? PATIENCE;
  const timeouts = { headersTimeout: headersMs, requestTimeout: 0, connectionsCheckingInterval: checkMs };
  return createServer(timeouts, (request, response) => {
    const current: CurrentRequest = { id: requestIdOf(request, options.trustedProxies), operation: 'none' };
    response.setHeader('X-Request-Id', current.id);
    const deadline = setBodyDeadline(request, response, requestMs);
    route(options, request, response, { current, deadline }).catch((error: unknown) =>
      fail(options.log, response, current, error),
    );
  });
}

async function route(
  options: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { current, deadline }: { current: CurrentRequest; deadline: BodyDeadline },
): Promise<void> {
  const path = pathOf(request);
  if (path === '/healthz') {
    end(response, 200, 'ok');
  } else if (path === '/readyz') {
    const ready = await options.isReady();
    end(response, ready ? 200 : 503, ready ? 'ready' : 'not ready');
  } else if (path === GRAPHQL_PATH) {
    measure(options, response, current);
    await inSpan('graphql', { 'baton.request.id': current.id }, () => graphql(options, request, response, current));
  } else if (options.attachments !== undefined && path.startsWith(ATTACHMENTS_PATH)) {
    if (isAnsweredByOrigin(options, request, response, 'GET, HEAD, PUT, OPTIONS')) return;
    await options.attachments(path.slice(ATTACHMENTS_PATH.length), request, response, deadline);
  } else if (options.turnOff !== undefined && path.startsWith(TURN_OFF_PATH)) {
    await answerTurnOff(options.turnOff, path.slice(TURN_OFF_PATH.length), request, response);
  } else if (options.hooks?.has(path) === true) {
    await options.hooks.get(path)?.(request, response);
  } else if (options.explorer?.(request, response) !== true) {
    end(response, 404, `Not found. The API is at ${GRAPHQL_PATH}.`);
  }
}

function measure({ onEnded }: HttpServerOptions, response: ServerResponse, current: CurrentRequest): void {
  const begun = performance.now();
  response.once('close', () => {
    const status = response.writableFinished ? String(response.statusCode) : 'cut';
    onEnded?.({ operation: current.operation, status, seconds: (performance.now() - begun) / 1000 });
  });
}

async function graphql(
  options: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  current: CurrentRequest,
): Promise<void> {
  if (isAnsweredByOrigin(options, request, response, 'GET, POST, OPTIONS')) return;
  const wait = options.refusalOf?.() ?? null;
  if (wait === null) {
    await options.endpoint.handle(request, response, current);
    return;
  }
  response.setHeader('Retry-After', wait);
  refuse(response, 503, 'OVERLOADED', 'Too many requests wait already. Try again in a few seconds.');
}

/** Whether nothing is left to do: a page that may not call, or the question whether it may. */
function isAnsweredByOrigin(
  { allowedOrigins }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  methods: string,
): boolean {
  if (!admitOrigin(allowedOrigins, request, response, methods)) {
    end(response, 403, 'Pages of this origin may not call the API: see BATON_ALLOWED_ORIGINS.');
    return true;
  }
  if (request.method !== 'OPTIONS') return false;
  end(response, 204, '');
  return true;
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  // Nearly all of them.
  if (url === GRAPHQL_PATH) return url;
  return parseUrl(url, 'http://any')?.pathname ?? '';
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

function fail(log: Log, response: ServerResponse, { id: requestId }: CurrentRequest, error: unknown): void {
  const known = error instanceof BadRequest;
  if (!known) log.error({ err: error, requestId }, 'a request failed outside of GraphQL');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const code = known ? error.code : 'INTERNAL_SERVER_ERROR';
  const message = known ? error.message : 'Something went wrong on our side. Try again.';
  refuse(response, known ? error.status : 500, code, message);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.statusCode = status;
  // What is left of the body is not read: the connection cannot be used again.
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
