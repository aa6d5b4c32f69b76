import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, type ValidationRule } from 'graphql';
import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { read, SERVER } from '../../src/database/scope';
import { NOWHERE, type Principal } from '../../src/domain/actor';
import { EventFeed, type StreamItem } from '../../src/realtime/event-feed';
import { createPresence, type Presence } from '../../src/realtime/presence';
import { attachSocketServer, type SocketServer } from '../../src/server/socket';
import type { SocketConnection, SocketServerOptions } from '../../src/server/socket-options';
import { startTestProcess, type TestProcess, until } from './support';

interface TestContext {
  readonly principal: Principal;
  readonly connection: SocketConnection | null;
  readonly process: TestProcess;
}

const SCHEMA = `
  type Query { ping: String }
  type Mutation { break: String }
  type Item { cursor: String! recovered: Boolean n: Int secret: String again: Item }
  type Subscription {
    events(conversationId: ID!, after: String): Item
    refused: Item
    broken: Item
  }
`;

function makeSchema(): GraphQLSchema {
  const schema = buildSchema(SCHEMA);
  const fields = schema.getSubscriptionType()!.getFields();
  const subscribe: Record<string, GraphQLFieldResolver<unknown, TestContext>> = {
    events: (_root, args: { conversationId: string; after?: string | null }, { process }) =>
      new EventFeed({
        read: (work) => read(process.source, SERVER, work),
        scope: { conversationId: args.conversationId },
        names: ['MESSAGE_ADDED'],
        agentIds: null,
        after: args.after ?? null,
      }),
    refused: () => {
      throw new Error('password of the database is hunter2');
    },
    // Fails after it was opened, while it is iterated.
    async *broken() {
      yield await Promise.resolve({ cursor: '1' });
      throw new Error('select hunter2 from users');
    },
  };
  for (const [name, field] of Object.entries(fields)) {
    field.subscribe = subscribe[name];
    field.resolve = (root) => root;
  }
  const item = (schema.getType('Item') as ReturnType<GraphQLSchema['getSubscriptionType']>)!.getFields();
  item.n!.resolve = (root: StreamItem) => (root.kind === 'EVENT' ? root.event.snapshot?.n : null);
  item.secret!.resolve = () => {
    throw new Error('hunter2 in a resolver');
  };
  return schema;
}

export interface TestServer {
  readonly url: string;
  readonly process: TestProcess;
  readonly presence: Presence;
  readonly sockets: SocketServer;
  readonly http: Server;
  /** Cuts every TCP connection, as a failing network does: no close frame. */
  cutAll(): void;
  close(): Promise<void>;
}

export const GOOD_TOKEN = 'Bearer good';
/** Of everybody whom `GOOD_TOKEN` signs in. */
export const SESSION_ID = randomUUID();
const principal = {
  kind: 'VISITOR' as const,
  workspaceId: randomUUID(),
  visitorId: randomUUID(),
  sessionId: SESSION_ID,
  agentId: randomUUID(),
  ...NOWHERE,
};

/** A process with a socket server. `GOOD_TOKEN`, alone or with a visitor's id, signs in; `Bearer crash` makes the credential check fail. */
export async function startTestServer(
  options: Parameters<typeof startTestProcess>[0] & { server?: Partial<SocketServerOptions>; rules?: ValidationRule[] },
): Promise<TestServer> {
  const process = await startTestProcess(options);
  const { hub, source, hints, log } = process;
  const presence = createPresence({ source, hints, processId: randomUUID(), log });
  const http = createServer((_request, response) => response.writeHead(404).end());
  const connections = new Set<Socket>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const sockets = attachSocketServer(http, {
    schema: makeSchema(),
    path: '/graphql',
    hub,
    presence,
    log,
    authenticate: async (authorization) => {
      if (authorization === 'Bearer crash') throw new Error('the database is away');
      if (authorization?.startsWith(GOOD_TOKEN) !== true) return null;
      // A new object for each socket, as a real credential check makes one.
      return { ...principal, visitorId: authorization.slice(GOOD_TOKEN.length).trim() || principal.visitorId };
    },
    clientOf: (request) => request.socket.remoteAddress ?? null,
    createContext: (who, connection): TestContext => ({ principal: who, connection, process }),
    createRenderContext: (who): TestContext => ({ principal: who, connection: null, process }),
    gate: {
      maxTokens: 2000,
      rules: options.rules ?? [],
      operations: null,
      formatError: (error) => ({
        message: error.originalError == null ? error.message : 'Internal server error.',
        extensions: error.extensions,
      }),
    },
    allowedOrigins: [],
    drainSeconds: 0,
    ...options.server,
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const cutAll = (): void => {
    for (const socket of connections) socket.destroy();
  };
  const close = async (): Promise<void> => {
    await sockets.drain();
    cutAll();
    http.close();
    await presence.stop();
    await process.close();
  };
  return { url: `ws://127.0.0.1:${port}/graphql`, process, presence, sockets, http, cutAll, close };
}

/** The client gives a socket up without listening to its error when it is terminated during the handshake. */
class QuietWebSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}

/** The real client, which reconnects at once and for ever unless told otherwise. */
export function connect(url: string, options: Partial<Parameters<typeof createClient>[0]> = {}): Client {
  return createClient({
    url,
    webSocketImpl: QuietWebSocket,
    connectionParams: { authorization: GOOD_TOKEN },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 5)),
    shouldRetry: () => true,
    ...options,
  });
}

/** What one subscription received; it resumes after the newest cursor it has, as the contract asks of clients. */
export interface Followed {
  readonly numbers: number[];
  readonly ready: { cursor: string; recovered: boolean }[];
  readonly failures: unknown[];
  cursor: string | null;
  stop(): void;
}

const EVENTS =
  'subscription ($conversationId: ID!, $after: String) { events(conversationId: $conversationId, after: $after) { cursor recovered n } }';

export function follow(client: Client, conversationId: string, after: string | null = null): Followed {
  const followed: Followed = { numbers: [], ready: [], failures: [], cursor: after, stop: () => undefined };
  const variables = {
    conversationId,
    // Read again by the client whenever it subscribes again.
    get after() {
      return followed.cursor;
    },
  };
  followed.stop = client.subscribe(
    { query: EVENTS, variables },
    {
      next: (result: ExecutionResult) => {
        const item = result.data?.events as { cursor: string; recovered: boolean | null; n: number | null };
        followed.cursor = item.cursor;
        if (item.n === null) followed.ready.push({ cursor: item.cursor, recovered: item.recovered === true });
        else followed.numbers.push(item.n);
      },
      error: (error) => followed.failures.push(error),
      complete: () => undefined,
    },
  );
  return followed;
}

/** A socket without a client library, for what no well-behaved client does. */
export async function openRaw(url: string, options: { protocol?: string | null; origin?: string } = {}) {
  const { protocol = 'graphql-transport-ws', origin } = options;
  const socket = new WebSocket(
    url,
    protocol === null ? [] : [protocol],
    origin === undefined ? {} : { headers: { origin } },
  );
  const received: Record<string, unknown>[] = [];
  socket.on('message', (data) => received.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  const send = (message: object): void => socket.send(JSON.stringify(message));
  return { socket, received, closed, send };
}

/** A raw socket that was acknowledged. */
export async function openAcknowledged(server: TestServer) {
  const raw = await openRaw(server.url);
  raw.send({ type: 'connection_init', payload: { authorization: GOOD_TOKEN } });
  await until('acknowledgement', () => raw.received.some((message) => message.type === 'connection_ack'));
  return raw;
}

/** Everything that one operation is answered with, on a socket of its own. */
export async function answerTo(server: TestServer, query: string): Promise<Record<string, unknown>[]> {
  const raw = await openAcknowledged(server);
  raw.send({ type: 'subscribe', id: '1', payload: { query } });
  const isLast = (message: Record<string, unknown>): boolean => message.type === 'error' || message.type === 'complete';
  await until('answer', () => raw.received.some(isLast));
  raw.socket.close();
  return raw.received.slice(1);
}
