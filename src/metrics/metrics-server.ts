import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics';

export interface MetricsServer {
  /** The configured port, or the one that was free when 0 was. */
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else, on an address of its own: figures are for whoever runs the server, and the port
 * of the API is open to the world. Throws what listening throws.
 */
export async function startMetricsServer(
  metrics: Metrics,
  address: { host: string; port: number },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end('Not found. The metrics are at /metrics.');
      return;
    }
    metrics.exposition().then(
      ({ text, contentType }) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
      // The one who asks is the one who watches, so the error goes there.
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  metrics.watchProcess();
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
