import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { reservedHostsOf, serverBrandOf } from './server-brand';
import { checkPushKeys } from '../delivery/push/push-keys';
import { createPasswordHasher } from '../identity/password-hasher';
import { createOutgoing } from '../outgoing/outgoing';
import { authenticate } from '../queries/authenticate';
import { stillValid } from '../queries/still-valid';
import { createPresence } from '../realtime/presence';
import { type App, RequestContext } from '../resolvers/request-context';
import { createSchema } from '../server/build-schema';
import { createExplorer } from '../server/explorer';
import { createGate } from '../server/gate';
import { createGraphqlEndpoint } from '../server/graphql-endpoint';
import { createHttpServer, EXPLORER_PATH, GRAPHQL_PATH } from '../server/http-server';
import { attachSocketServer } from '../server/socket';
import type { Core } from './core';
import { operationsOf } from './operations-file';
import { mailTokensOf } from './mail-tokens';
import { StartError } from './run-root';
import { vapidKeysOf } from './vapid-keys';

export interface RunningApi {
  /** The port that is listened on: the configured one, or the one that was free when 0 was. */
  readonly port: number;
  /** Stops taking requests, lets running ones finish, spreads the sockets' farewell. */
  stop(): Promise<void>;
}

/**
 * Serves the API on a core that is started. `prepare` runs as soon as the port is known: until it has ended, /readyz
 * says no. Throws StartError when PORT or HOST cannot be listened on.
 */
export async function startApi(core: Core, prepare?: (port: number) => Promise<void>): Promise<RunningApi> {
  const { config, log, database, hub, hints } = core;
  const { source } = database;
  const presence = createPresence({ source, hints, processId: core.processId, log });
  const outgoing = createOutgoing({ allowLoopback: config.outgoing.allowLoopbackTargets });
  const app: App = {
    database,
    hub,
    hints,
    presence,
    vapidPublicKey: (await vapidKeysOf(config, source, core.secrets)).publicKey,
    serverBrand: serverBrandOf(config),
    reservedHosts: reservedHostsOf(config),
    checkTarget: (url) => outgoing.checkTarget(url),
    checkPushKeys,
    sealSecret: (clear, place) => core.secrets.seal(clear, place),
    passwords: createPasswordHasher(),
    mailTokens: await mailTokensOf(source, core.secrets),
  };
  const schema = await createSchema();
  const { introspection, operationsFile, allowedOrigins, drainSeconds } = config.server;
  const gate = createGate({
    introspection,
    operations: (limits) => operationsOf(operationsFile, (manifest) => manifest.check(schema, limits)),
    log,
  });
  const endpoint = await createGraphqlEndpoint({ schema, app, gate });
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
    authenticate: (authorization) => authenticate(source, authorization),
    createContext: (principal, connection) => {
      const { 'user-agent': userAgent = null, origin = null } = connection.request.headers;
      const closeSocket = (code: number, reason: string): void => connection.closeSocket(code, reason);
      return new RequestContext(app, principal, { userAgent, origin, closeSocket }, false);
    },
    gate,
    allowedOrigins,
    log,
    drainSeconds,
    stillValid: (principals) => stillValid(source, principals),
  });
  const port = await listen(http, config.server.port, config.server.host);
  await prepare?.(port);
  isServing = true;
  return {
    port,
    stop: async () => {
      isServing = false;
      const closed = close(http);
      await sockets.drain();
      http.closeIdleConnections();
      await closed;
      await endpoint.stop();
      await presence.stop();
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
