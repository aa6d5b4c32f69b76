import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets a page of the origin read the answer. False: pages of this origin may not call us. What is no page says none.
 *
 * @param methods what is answered here, as `GET, POST, OPTIONS`
 */
export function admitOrigin(
  allowedOrigins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
  methods: string,
): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) return false;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  response.setHeader('Access-Control-Allow-Methods', methods);
  response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, apollo-require-preflight');
  response.setHeader('Access-Control-Expose-Headers', 'x-request-id, retry-after');
  response.setHeader('Access-Control-Max-Age', '86400');
  return true;
}
