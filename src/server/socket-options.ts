import type { IncomingMessage } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Principal } from '../domain/actor';
import type { AccessChange } from '../queries/changed-access';
import type { Hub } from '../realtime/hub';
import type { Log } from '../realtime/log';
import type { Presence } from '../realtime/presence';
import type { Gate } from './gate';

/** What stays of the request that a socket began with: the rest of it would be 3 KiB a socket that nobody reads. */
export interface Handshake {
  readonly headers: {
    readonly origin?: string;
    readonly 'user-agent'?: string;
    readonly 'x-forwarded-for'?: string | string[];
  };
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
}

/** What a resolver may know of, and do with, the socket that an operation came over. */
export interface SocketConnection {
  readonly id: string;
  readonly request: Handshake;
  /** For `onOverflow`: close with 4008 and the client resumes. See `CLOSE` for what clients do with which code. */
  closeSocket(code: number, reason: string): void;
}

export interface SocketServerOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  readonly hub: Hub;
  readonly presence: Presence;
  /**
   * `authorization` as the client sent it in `connectionParams`, and the `Origin` of the upgrade; null for what was not
   * sent. Null refuses the socket.
   */
  readonly authenticate: (authorization: string | null, origin: string | null) => Promise<Principal | null>;
  /** Called once for each operation, not for each event: nothing in it may cache rows. */
  readonly createContext: (principal: Principal, connection: SocketConnection) => object | Promise<object>;
  /** Called once for each batch of events that a group executes: what it makes may cache rows. */
  readonly createRenderContext: (principal: Principal) => object;
  /** The same as on HTTP. */
  readonly gate: Gate;
  /** Empty allows any. A request without an Origin comes from no browser and is let in. */
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  readonly drainSeconds: number;
  /** Which principals are no longer what their credentials say; asked every 2 s for all open sockets together. */
  readonly changedAccess?: (principals: readonly Principal[]) => Promise<ReadonlyMap<Principal, AccessChange>>;
  /** What the clients of one address are counted by; null when the connection is gone already. */
  readonly clientOf: (request: IncomingMessage) => string | null;
  /** Of one address at the same time, before they have said who they are; 100 unless told. */
  readonly maxSilentSockets?: number;
  /** Whether so many wait already that no socket more is let in: 503. */
  readonly isCrowded?: () => boolean;
  /** Milliseconds in which a socket has to say who it is. */
  readonly initWaitMs?: number;
  /** Milliseconds between pings; a peer that misses one is cut at the next. */
  readonly keepAliveMs?: number;
}
