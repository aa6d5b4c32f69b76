import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { clientKeyOf } from '../limits/client-address';
import { authenticate } from '../queries/authenticate';
import { changedAccess } from '../queries/changed-access';
import type { StreamGroups } from '../realtime/stream-groups';
import { NO_REQUEST, RequestContext } from '../resolvers/request-context';
import { authenticateSocket } from '../server/authenticate-socket';
import { createSchema } from '../server/build-schema';
import { createExplorer } from '../server/explorer';
import { createGate } from '../server/gate';
import { createGraphqlEndpoint } from '../server/graphql-endpoint';
import { createHttpServer, EXPLORER_PATH, GRAPHQL_PATH } from '../server/http-server';
import { createFactsReader } from '../server/request-facts';
import { attachSocketServer } from '../server/socket';
import { createApp } from './app';
import type { Core } from './core';
import { operationsOf } from './operations-file';
import { StartError } from './run-root';

export interface RunningApi {
  /** The port that is listened on: the configured one, or the one that was free when 0 was. */
  readonly port: number;
  /** Who is subscribed to events, and what that has cost. */
  readonly streams: StreamGroups;
  /** Stops taking requests, lets running ones finish, spreads the sockets' farewell. */
  stop(): Promise<void>;
}

/**
 * Serves the API on a core that is started. `prepare` runs as soon as the port is known: until it has ended, /readyz
 * says no. Throws StartError when PORT or HOST cannot be listened on.
 */
export async function startApi(core: Core, prepare?: (port: number) => Promise<void>): Promise<RunningApi> {
  const { config, log, hub } = core;
  const { source } = core.database;
  const app = await createApp(core);
  const { presence, limits } = app;
  const schema = await createSchema();
  const { introspection, operationsFile, allowedOrigins, drainSeconds, trustedProxies } = config.server;
  const gate = createGate({
    introspection,
    operations: (bounds) => operationsOf(operationsFile, (manifest) => manifest.check(schema, bounds)),
    log,
  });
  const readFacts = createFactsReader({ trustedProxies, log });
  const endpoint = await createGraphqlEndpoint({ schema, app, gate, readFacts });
  let isServing = false;
  const http = createHttpServer({
    endpoint,
    explorer: config.server.explorer
      ? createExplorer({ graphqlPath: GRAPHQL_PATH, explorerPath: EXPLORER_PATH })
      : null,
    allowedOrigins,
    isReady: async () => isServing && (await core.isAlive()),
    log,
  });
  const sockets = attachSocketServer(http, {
    schema,
    path: GRAPHQL_PATH,
    hub,
    presence,
    authenticate: (authorization, origin) =>
      authenticateSocket(hub.tail, () => authenticate(source, authorization, { origin })),
    createContext: (principal, connection) => {
      const closeSocket = (code: number, reason: string): void => connection.closeSocket(code, reason);
      return new RequestContext(app, principal, readFacts(connection.request, closeSocket), false);
    },
    createRenderContext: (principal) => new RequestContext(app, principal, NO_REQUEST, true),
    clientOf: (request) => {
      const { address } = readFacts(request);
      return address === null ? null : clientKeyOf(address);
    },
    gate,
    allowedOrigins,
    log,
    drainSeconds,
    changedAccess: (principals) => changedAccess(source, principals),
  });
  const port = await listen(http, config.server.port, config.server.host);
  await prepare?.(port);
  isServing = true;
  return {
    port,
    streams: sockets.streams,
    stop: async () => {
      isServing = false;
      const closed = close(http);
      await sockets.drain();
      http.closeIdleConnections();
      await closed;
      await endpoint.stop();
      await presence.stop();
      await limits.stop();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explain(error: NodeJS.ErrnoException): Error {
  const code = error.code ?? '';
  if (code === 'EADDRINUSE') {
    return new StartError('PORT is taken by another process: stop that one, or set PORT to another number.');
  }
  if (code === 'EACCES') return new StartError('PORT is not for this account: set PORT to a number above 1023.');
  if (['EADDRNOTAVAIL', 'EAI_AGAIN', 'ENOTFOUND'].includes(code)) {
    return new StartError(`HOST is no address of this machine (${code}): set it to one, such as 127.0.0.1.`);
  }
  return error;
}

/** Resolves when the last request has been answered, at most 10 s from now. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const bound = setTimeout(() => server.closeAllConnections(), 10_000);
    server.close(() => {
      clearTimeout(bound);
      resolve();
    });
  });
}
