import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { publicUrlOf } from '../config/public-url';
import { clientKeyOf } from '../limits/client-address';
import { poolStateOf } from '../database/pool-state';
import type { StreamFigures } from '../metrics/figures';
import { authenticate } from '../queries/authenticate';
import { changedAccess } from '../queries/changed-access';
import type { StreamGroups } from '../realtime/stream-groups';
import { type App, NO_REQUEST, RequestContext } from '../resolvers/request-context';
import { type Admission, createAdmission } from '../server/admission';
import { createAttachmentEndpoint } from '../server/attachment-endpoint';
import { authenticateSocket } from '../server/authenticate-socket';
import { createSchema } from '../server/build-schema';
import { createExplorer } from '../server/explorer';
import { createHttpDrain } from '../server/http-drain';
import { createGate, type Gate } from '../server/gate';
import { createGraphqlEndpoint } from '../server/graphql-endpoint';
import { createHttpServer, EXPLORER_PATH, GRAPHQL_PATH } from '../server/http-server';
import { createFactsReader, type ReadFacts } from '../server/request-facts';
import { attachSocketServer, type SocketServer } from '../server/socket';
import { MAIL_HOOK_PATH, type MailHook } from '../inbound/mail-hook';
import { createApp } from './app';
import { attachmentTransfersOf } from './attachments';
import type { Core } from './core';
import { mailHookOf } from './inbound';
import { watchApi } from './metrics';
import { operationsOf } from './operations-file';
import { StartError } from './run-root';
import { turnOffOf } from './turn-off';

export interface RunningApi {
  /** The port that is listened on: the configured one, or the one that was free when 0 was. */
  readonly port: number;
  /** Who is subscribed to events, and what that has cost. */
  readonly streams: StreamGroups;
  /** Says that it is not ready, then stops taking requests, lets running ones finish, and spreads the sockets' farewell. */
  stop(): Promise<void>;
}

/**
 * Serves the API on a core that is started. `prepare` runs as soon as the port is known: until it has ended, /readyz
 * says no. Throws StartError when PORT or HOST cannot be listened on.
 */
export async function startApi(core: Core, prepare?: (port: number) => Promise<void>): Promise<RunningApi> {
  const { config, log, metrics } = core;
  let port = config.server.port;
  const app = await createApp(core, () => publicUrlOf(config, port));
  const { presence, limits } = app;
  const schema = await createSchema();
  const { introspection, operationsFile, allowedOrigins, drainSeconds, trustedProxies } = config.server;
  const admission = admissionOf(core);
  const gate = createGate({
    introspection,
    operations: (bounds) => operationsOf(operationsFile, (manifest) => manifest.check(schema, bounds)),
    log,
    onFailure: () => metrics.requestFailed(),
  });
  const readFacts = createFactsReader({ trustedProxies, log });
  const endpoint = await createGraphqlEndpoint({
    schema,
    app,
    gate,
    readFacts,
    onStranger: () => metrics.authenticationFailed('http'),
  });
  let isServing = false;
  const http = createHttpServer({
    endpoint,
    explorer: config.server.explorer
      ? createExplorer({ graphqlPath: GRAPHQL_PATH, explorerPath: EXPLORER_PATH })
      : null,
    turnOff: await turnOffOf(core),
    attachments: createAttachmentEndpoint(await attachmentTransfersOf(core)),
    allowedOrigins,
    hooks: hooksOf(core),
    isReady: async () => isServing && (await core.isAlive()),
    log,
    trustedProxies,
    refusalOf: () => admission.refusalOf('http'),
    onEnded: (request) => metrics.requestEnded(request),
  });
  const drain = createHttpDrain(http);
  const sockets = attachSockets(core, http, { app, schema, gate, readFacts, admission });
  watchApi(metrics, admission, () => streamFiguresOf(sockets));
  port = await listen(http, config.server.port, config.server.host);
  await prepare?.(port);
  isServing = true;
  return {
    port,
    streams: sockets.streams,
    stop: async () => {
      isServing = false;
      await delay(config.server.readyDelaySeconds * 1000);
      await Promise.all([drain.finish(drainSeconds), sockets.drain()]);
      await endpoint.stop();
      await presence.stop();
      await limits.stop();
    },
  };
}

interface SocketParts {
  readonly app: App;
  readonly schema: GraphQLSchema;
  readonly gate: Gate;
  readonly readFacts: ReadFacts;
  readonly admission: Admission;
}

function attachSockets(
  core: Core,
  http: Server,
  { app, schema, gate, readFacts, admission }: SocketParts,
): SocketServer {
  const { config, log, hub, metrics } = core;
  const { source } = core.database;
  const { allowedOrigins, drainSeconds, maxSilentSockets } = config.server;
  // Whatever a socket reads, when it opens or resumes a stream above all, waits for its turn.
  const socketApp: App = {
    ...app,
    shareReads: () => {
      const readOf = app.shareReads();
      return (scope) => (work) => admission.joins.through(() => readOf(scope)(work));
    },
  };
  return attachSocketServer(http, {
    schema,
    path: GRAPHQL_PATH,
    hub,
    presence: app.presence,
    authenticate: async (authorization, origin) => {
      const principal = await admission.authentications.through(() =>
        authenticateSocket(hub.tail, () => authenticate(source, authorization, { origin })),
      );
      if (principal === null && authorization !== null) metrics.authenticationFailed('socket');
      return principal;
    },
    createContext: (principal, connection) => {
      const closeSocket = (code: number, reason: string): void => connection.closeSocket(code, reason);
      return new RequestContext(socketApp, principal, readFacts(connection.request, closeSocket), false);
    },
    createRenderContext: (principal) => new RequestContext(app, principal, NO_REQUEST, true),
    clientOf: (request) => {
      const { address } = readFacts(request);
      return address === null ? null : clientKeyOf(address);
    },
    maxSilentSockets,
    isCrowded: () => admission.refusalOf('socket') !== null,
    gate,
    allowedOrigins,
    log,
    drainSeconds,
    changedAccess: (principals) => changedAccess(source, principals),
  });
}

function hooksOf(core: Core): ReadonlyMap<string, MailHook> {
  const hook = mailHookOf(core);
  return new Map(hook === null ? [] : [[MAIL_HOOK_PATH, hook]]);
}

function admissionOf({ config, database, metrics }: Core): Admission {
  return createAdmission({
    poolSize: config.database.poolSize,
    poolWaiting: () => poolStateOf(database.source).waiting,
    onTurnedAway: (transport) => metrics.turnedAway(transport),
  });
}

function streamFiguresOf(sockets: SocketServer): StreamFigures {
  const { size, memberCount, counts } = sockets.streams;
  return { sockets: sockets.connections(), groups: size, members: memberCount, ...counts };
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
