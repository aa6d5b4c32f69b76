import { randomUUID } from 'node:crypto';
import { type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { BusyError } from '../lanes/lanes';
import { PageRequestError } from '../queries/cursors';
import type { Log } from '../realtime/log';

/** Codes that reach a client with their own words: the caller's mistakes, and refusals of a field. */
const PUBLIC_CODES = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'NOT_FOUND',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
]);

/**
 * The one translation of errors, on HTTP and socket alike. What is the caller's to know keeps its words; everything
 * else becomes one sentence with the id of the request, under which the log has the whole of it.
 *
 * @param request its id; null: it was done for many, or for nobody in particular, and the failure has an id of its own
 */
export function formatError(error: GraphQLError, request: string | null, log: Log): GraphQLFormattedError {
  const { message, locations, path } = error;
  const position = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  if (error.originalError instanceof PageRequestError) {
    return { message: error.originalError.message, ...position, extensions: { code: 'BAD_USER_INPUT' } };
  }
  if (error.originalError instanceof BusyError) {
    const { message: advice, retryAfterMs } = error.originalError;
    return { message: advice, ...position, extensions: { code: 'RATE_LIMITED', retryAfterMs } };
  }
  const code = codeOf(error);
  if (code !== null) return { message, ...position, extensions: { code, ...waitOf(error) } };
  const requestId = request ?? randomUUID();
  log.error({ err: error.originalError ?? error, requestId, path }, 'a request failed');
  return {
    message: `Something went wrong on our side. Try again; if it stays, tell us this id: ${requestId}`,
    ...position,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** The error's public code; null when its words are not for the caller. */
function codeOf(error: GraphQLError): string | null {
  const { code } = error.extensions;
  if (typeof code === 'string') return PUBLIC_CODES.has(code) ? code : null;
  // Errors of graphql-js itself (syntax, validation, variables) wrap nothing; a resolver's error is always wrapped.
  return error.originalError === undefined ? 'BAD_USER_INPUT' : null;
}

/** When a caller over a limit may come again. */
function waitOf({ extensions: { retryAfterMs } }: GraphQLError): { retryAfterMs?: number } {
  return typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
}
