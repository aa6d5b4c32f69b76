import type { Server, ServerResponse } from 'node:http';

/** A request may take so long, or as long as the sockets' farewell if that is longer. */
const LEAST_MS = 10_000;

/** Ends the HTTP side of a process without anybody noticing. */
export interface HttpDrain {
  /** Takes no more connections, and resolves when the last request has been answered, or was cut at the end of its time. */
  finish(drainSeconds: number): Promise<void>;
}

/** Call it before the server listens: it has to know of every answer that is still to come. */
export function createHttpDrain(server: Server): HttpDrain {
  const open = new Set<ServerResponse>();
  let isFinishing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (isFinishing) endConnection(response);
  });
  return {
    finish: (drainSeconds) => {
      isFinishing = true;
      for (const response of open) endConnection(response);
      return new Promise((resolve) => {
        const bound = setTimeout(() => server.closeAllConnections(), Math.max(LEAST_MS, drainSeconds * 1000));
        server.close(() => {
          clearTimeout(bound);
          resolve();
        });
      });
    },
  };
}

/** A client that kept the connection would send its next request into a process that is gone. */
function endConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
