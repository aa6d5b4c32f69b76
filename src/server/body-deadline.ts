import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a request may take to come. */
export interface BodyDeadline {
  /** For whoever reads the body itself, and has a time of its own for it. */
  lift(): void;
}

/**
 * Cuts the connection of a request whose body has not come in time, as Node does by itself; but Node has one time for all
 * requests, and a file may take longer than an operation.
 */
export function setBodyDeadline(request: IncomingMessage, response: ServerResponse, withinMs: number): BodyDeadline {
  const clock = setTimeout(() => {
    if (request.complete || request.destroyed) return;
    if (response.headersSent) request.socket.destroy();
    else request.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => request.destroy());
  }, withinMs);
  clock.unref();
  const lift = (): void => clearTimeout(clock);
  request.once('end', lift);
  request.once('close', lift);
  return { lift };
}
