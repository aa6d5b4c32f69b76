import type { Duplex } from 'node:stream';
import type { WebSocket as GraphqlTransport } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Principal } from '../domain/actor';
import type { Log } from '../realtime/log';
import type { Handshake } from './socket-options';

/**
 * Why we close. The graphql-ws client reconnects after a passing fault and gives up after 1009, 4400, 4401, 4406, 4409,
 * 4429 and 4500, so those are for what a retry cannot mend.
 */
export const CLOSE = {
  /** The process goes away or the event log was replaced: reconnect and resume. */
  restart: 1012,
  /** Something failed here: reconnect later. */
  tryAgain: 1013,
  badRequest: 4400,
  /** No valid credential, at the start or later: get another one. */
  unauthorized: 4401,
  /** The caller may do other things than when the socket was opened: reconnect, resume what is still allowed. */
  accessChanged: 4205,
  /** This caller has too many sockets: close some, then reconnect. */
  tooMany: 4430,
  /** The reader was too slow for a stream: reconnect and resume. */
  tooSlow: 4008,
} as const;

/** What we have written and the peer has not read: only pongs and answers to refused operations can pile up here. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

type OnClose = (code: number, reason: string) => Promise<void> | void;

/**
 * One WebSocket, as graphql-ws and this server see it. There are thousands: what one keeps beside `ws` and graphql-ws is a
 * few hundred bytes, none of them a closure where a method does.
 */
export class SocketPeer implements GraphqlTransport {
  /** Set once the connection was acknowledged. */
  principal: Principal | null = null;
  /** Takes it out of the count that it is in: of its address, then of its caller. */
  uncount: () => void = () => undefined;
  private isAlive = true;
  private closeListeners: readonly OnClose[] = [];

  constructor(
    readonly id: string,
    private readonly socket: WebSocket,
    /** The TCP connection below it, on which ready-made frames are written. */
    private readonly connection: Duplex,
    readonly request: Handshake,
    private readonly log: Log,
  ) {
    socket.on('pong', () => {
      this.isAlive = true;
    });
    socket.once('close', (code, reason) => this.closed(code, reason.toString()));
    // An oversized or broken frame: ws itself has closed the socket with the code for it.
    socket.on('error', (error) => log.info({ err: error, socket: id }, 'a peer broke the WebSocket protocol'));
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Something that was written has not left yet. */
  get isBlocked(): boolean {
    return this.connection.writableLength > 0;
  }

  /**
   * Writes whole frames past `ws`, which would make each of them anew. Its own frames go out in single writes, too, since
   * nothing is compressed, so the two never mix.
   */
  writeFrames(frames: Buffer): void {
    if (this.isOpen) this.connection.write(frames);
  }

  /** Calls once, when everything that was written has left. */
  onceWritable(listener: () => void): void {
    // An empty write is done after all others; 'drain' would not come for what stays below the high-water mark.
    this.connection.write(NOTHING, () => listener());
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** Runs when the socket is gone, however it went. */
  onClose(listener: OnClose): void {
    // Pushing would make room for 17.
    this.closeListeners = [...this.closeListeners, listener];
  }

  /** Called at each turn of the keep-alive clock: whoever did not answer the last ping is cut. */
  pingOrTerminate(): void {
    if (!this.isAlive) {
      this.terminate();
      return;
    }
    this.isAlive = false;
    if (this.isOpen) this.socket.ping();
  }

  /** Resolves when the socket is gone or the time is over. */
  async goneWithin(milliseconds: number): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Waits until the bytes have left, so that a slow peer slows its streams. */
  send(data: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      // An error here means that the socket is closing; its 'close' event ends everything that hangs on it.
      this.socket.send(data, () => resolve());
    });
  }

  onMessage(handle: (data: string) => Promise<void>): void {
    this.socket.on('message', (data, isBinary) => {
      if (this.accepts(isBinary)) void this.settle(handle((data as Buffer).toString('utf8')));
    });
  }

  private accepts(isBinary: boolean): boolean {
    if (!this.isOpen) return false;
    if (isBinary) this.close(CLOSE.badRequest, 'Text frames only.');
    else if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) this.terminate();
    return this.isOpen;
  }

  /** Apart from what came: a subscription is handled as long as it lasts, and its message must not be kept so long. */
  private async settle(handled: Promise<void>): Promise<void> {
    try {
      await handled;
    } catch (error) {
      if (isUnexpected(error)) {
        this.close(CLOSE.badRequest, 'Only a server sends messages of this type.');
        return;
      }
      this.log.error({ err: error, socket: this.id }, 'a message from a socket could not be handled');
      this.close(CLOSE.tryAgain, 'Try again later.');
    }
  }

  private closed(code: number, reason: string): void {
    for (const listener of this.closeListeners) {
      Promise.resolve(listener(code, reason)).catch((error: unknown) => {
        this.log.error({ err: error, socket: this.id }, 'a closed socket could not be cleared away');
      });
    }
  }
}

/** graphql-ws throws for a type that the protocol has and only servers send, as if the fault were ours. */
function isUnexpected(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}
