import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Principal } from '../domain/actor';
import { isImpersonated } from '../domain/policies/impersonation-policy';
import { AccessWatch } from './access-watch';
import { retryAfterSeconds } from './admission';
import { KeepAlive } from './keep-alive';
import { newSocketId } from './request-id';
import { callerOf, Tally } from './socket-counts';
import { SocketOperations } from './socket-operations';
import type { StreamGroups } from '../realtime/stream-groups';
import type { Handshake, SocketServerOptions } from './socket-options';
import { CLOSE, SocketPeer } from './socket-peer';
import { parseUrl } from '../domain/validation/parse-url';

export interface SocketServer {
  /** Takes no more sockets and closes the open ones with 1012, spread over `drainSeconds`, so that they do not all come back at once. */
  drain(): Promise<void>;
  connections(): number;
  /** Who is subscribed to events, and what that has cost. */
  readonly streams: StreamGroups;
}

const MAX_FRAME_BYTES = 64 * 1024;
const INIT_WAIT_MS = 5000;
/** With 12 s a silent peer is gone after at most 24 s. */
const KEEP_ALIVE_MS = 12_000;
/** Of one person, visitor or API key in this process; a person with many tabs has ten. */
const MAX_SOCKETS = 50;
/** From one address, before anybody has said who they are: a moment for each, and a whole office reconnects at once. */
const MAX_SILENT_SOCKETS = 100;
/** An upgrade that was not refused for good: come again. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
/** A peer that does not answer our farewell is cut. */
const FAREWELL_MS = 1000;

/** Serves subscriptions, and nothing else, over `graphql-transport-ws` at `path`. */
export function attachSocketServer(httpServer: Server, options: SocketServerOptions): SocketServer {
  return new GraphqlSocketServer(httpServer, options);
}

class GraphqlSocketServer implements SocketServer {
  readonly streams: StreamGroups;
  private readonly peers = new Set<SocketPeer>();
  /** By address. */
  private readonly silent = new Tally();
  /** By caller. */
  private readonly known = new Tally();
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    // Another protocol is accepted without one and then closed with 4406, which a browser can read; a 400 it cannot.
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  private readonly server;
  private readonly keepAlive: KeepAlive;
  private readonly access: AccessWatch;
  private readonly stopWatchingResets: () => void;
  private isDraining = false;

  constructor(
    private readonly httpServer: Server,
    private readonly options: SocketServerOptions,
  ) {
    const operations = new SocketOperations(options);
    this.streams = operations.groups;
    this.server = makeServer<Record<string, unknown>, SocketPeer>({
      connectionInitWaitTimeout: options.initWaitMs ?? INIT_WAIT_MS,
      onConnect: (context) => this.admit(context.extra, context.connectionParams),
      ...operations.hooks(),
    });
    this.keepAlive = new KeepAlive(options.keepAliveMs ?? KEEP_ALIVE_MS);
    this.access = new AccessWatch(this.peers, options);
    // Before the streams end: a client that saw one complete would not resume it.
    this.stopWatchingResets = options.hub.onReset(() => {
      for (const peer of this.peers) peer.close(CLOSE.restart, 'The event log was replaced: resume.');
    });
    httpServer.on('upgrade', this.upgrade);
  }

  connections(): number {
    return this.peers.size;
  }

  async drain(): Promise<void> {
    this.isDraining = true;
    const peers = [...this.peers];
    const pause = (this.options.drainSeconds * 1000 - FAREWELL_MS) / Math.max(1, peers.length);
    for (const [index, peer] of peers.entries()) {
      // Between two of them: one open dashboard alone must not hold up a Ctrl-C.
      if (index > 0 && pause > 0) await delay(pause);
      peer.close(CLOSE.restart, 'This process is going away: reconnect.');
    }
    await Promise.all([...this.peers].map((peer) => peer.goneWithin(FAREWELL_MS)));
    for (const peer of this.peers) peer.terminate();
    this.keepAlive.stop();
    this.access.stop();
    this.stopWatchingResets();
    this.httpServer.off('upgrade', this.upgrade);
  }

  private readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A peer that resets the connection during the handshake must not end the process.
    socket.on('error', destroy);
    const refusal = this.refusalOf(request);
    if (refusal !== null) {
      const later = LATER.has(refusal) ? `Retry-After: ${retryAfterSeconds()}\r\n` : '';
      socket.end(
        `HTTP/1.1 ${refusal} ${STATUS_CODES[refusal] ?? ''}\r\n${later}Connection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const client = this.options.clientOf(request) ?? '';
      this.welcome(new SocketPeer(newSocketId(), webSocket, socket, handshakeOf(request), this.options.log), client);
    });
  };

  /** Apart from the upgrade: what listens here as long as the socket lives must not hold its request. */
  private welcome(peer: SocketPeer, client: string): void {
    this.peers.add(peer);
    const silence = this.keepAlive.add(peer);
    peer.uncount = this.silent.add(client);
    const closed = this.server.opened(peer, peer);
    peer.onClose((code, reason) => {
      this.peers.delete(peer);
      silence();
      peer.uncount();
      return closed(code, reason);
    });
  }

  private refusalOf(request: IncomingMessage): number | null {
    const url = parseUrl(request.url ?? '', 'http://any');
    if (url === null) return 400;
    if (url.pathname !== this.options.path) return 404;
    if (this.isDraining) return 503;
    const { origin } = request.headers;
    const { allowedOrigins } = this.options;
    if (origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) return 403;
    const silent = this.silent.of(this.options.clientOf(request) ?? '');
    if (silent >= (this.options.maxSilentSockets ?? MAX_SILENT_SOCKETS)) return 429;
    return this.options.isCrowded?.() === true ? 503 : null;
  }

  private async admit(peer: SocketPeer, params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const authorization = params?.authorization;
    try {
      const principal = await this.options.authenticate(
        typeof authorization === 'string' ? authorization : null,
        peer.request.headers.origin ?? null,
      );
      if (principal === null)
        peer.close(CLOSE.unauthorized, 'Sign in first: connectionParams.authorization is missing or not valid.');
      if (principal === null || !peer.isOpen) return false;
      const caller = callerOf(principal);
      if (this.known.of(caller) >= MAX_SOCKETS) {
        peer.close(CLOSE.tooMany, `You have ${MAX_SOCKETS} open sockets: close some, then reconnect.`);
        return false;
      }
      peer.principal = principal;
      peer.uncount();
      peer.uncount = this.known.add(caller);
      this.becomePresent(peer, principal);
      return true;
    } catch (error) {
      this.options.log.error({ err: error, socket: peer.id }, 'a socket could not be authenticated');
      peer.close(CLOSE.tryAgain, 'Try again later.');
      return false;
    }
  }

  private becomePresent(peer: SocketPeer, principal: Principal): void {
    // Who is logged in as somebody does not make that person reachable.
    if (principal.kind === 'API_KEY' || isImpersonated(principal)) return;
    const { kind, workspaceId } = principal;
    const id = principal.kind === 'USER' ? principal.userId : principal.visitorId;
    const disconnect = this.options.presence.connected({ kind, id, workspaceId });
    peer.onClose(() => disconnect());
  }
}

/** Bound to nothing: a closure of the upgrade would hold its request as long as the socket lives. */
function destroy(this: Duplex): void {
  this.destroy();
}

function handshakeOf({ headers, socket }: IncomingMessage): Handshake {
  const { origin, 'user-agent': userAgent, 'x-forwarded-for': forwardedFor } = headers;
  return { headers: { origin, 'user-agent': userAgent, 'x-forwarded-for': forwardedFor }, socket };
}
