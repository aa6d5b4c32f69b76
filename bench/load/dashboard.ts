import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Deliveries, EventStreamWalker, FrameWalker, type Walker } from './frame-walker';

/** How a server wants to be spoken to, and when it is ready. */
export interface Target {
  readonly protocol: 'GRAPHQL_WS' | 'PLAIN' | 'SOCKET_IO' | 'SSE';
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** One subscription a socket; null where the server sends without being asked. */
  readonly subscription: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> } | null;
  readonly token: string | null;
  /** What the server says once nothing that is published can be missed. Null: as soon as the socket is open. */
  readonly readyText: string | null;
}

/** Frames below this are the protocol's own words; an event has about 550 bytes. */
const SMALLEST_EVENT = 350;
const OPEN_MS = 30_000;
/** Of all dashboards: a buffer for each chunk would cost the reader more than what it does with it. */
const RECEIVED = Buffer.alloc(64 * 1024);

/** One open dashboard, down to the bytes: a real client would cost more than the servers that are measured. */
export class Dashboard {
  private readonly walker: Walker;
  private isUpgraded = false;
  private head = Buffer.alloc(0);
  private onReady: () => void = () => undefined;
  private onFailed: (error: Error) => void = () => undefined;
  private readonly late: NodeJS.Timeout;
  readonly ready: Promise<void>;
  private readonly socket: Socket;

  constructor(
    private readonly target: Target,
    private readonly onDelivered: (count: number, sentAt: number | null) => void,
    private readonly onLost: (why: string) => void,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.onReady = resolve;
      this.onFailed = reject;
    });
    this.late = setTimeout(() => this.lose(`not ready after ${OPEN_MS} ms`), OPEN_MS);
    const into: Deliveries = {
      delivered: (count, sentAt) => this.onDelivered(count, sentAt),
      said: (text) => this.hear(text),
      pinged: (payload) => this.send(0x8a, payload),
      closed: (code) => this.lose(`closed with ${code}`),
    };
    this.walker = target.protocol === 'SSE' ? new EventStreamWalker(into) : new FrameWalker(SMALLEST_EVENT, into);
    const onread = {
      buffer: RECEIVED,
      callback: (length: number): boolean => this.receive(RECEIVED.subarray(0, length)),
    };
    this.socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true, onread });
    this.socket.on('connect', () => this.socket.write(this.request()));
    this.socket.on('error', (error) => this.lose(error.message));
    this.socket.on('close', () => this.lose('closed without a word'));
  }

  close(): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  private receive(chunk: Buffer): boolean {
    if (this.isUpgraded) this.walker.read(chunk);
    else this.readHead(chunk);
    return true;
  }

  private becomeReady(): void {
    clearTimeout(this.late);
    this.onReady();
  }

  private lose(why: string): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
    clearTimeout(this.late);
    this.onFailed(new Error(why));
    this.onLost(why);
  }

  private request(): string {
    const { protocol, path, subscription, token } = this.target;
    const common = `Host: 127.0.0.1\r\n${token === null ? '' : `Authorization: Bearer ${token}\r\n`}`;
    if (protocol === 'SSE') {
      const body = JSON.stringify(subscription);
      return `POST ${path} HTTP/1.1\r\n${common}Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    }
    const key = randomBytes(16).toString('base64');
    const speaks = protocol === 'GRAPHQL_WS' ? 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n' : '';
    return `GET ${path} HTTP/1.1\r\n${common}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${speaks}\r\n`;
  }

  private readHead(chunk: Buffer): void {
    this.head = Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const [status = ''] = this.head.toString('latin1', 0, end).split('\r\n', 1);
    if (!/ (101|200) /.test(status)) {
      this.lose(status);
      return;
    }
    this.isUpgraded = true;
    const rest = this.head.subarray(end + 4);
    if (this.target.protocol === 'GRAPHQL_WS') {
      const { token } = this.target;
      this.say({ type: 'connection_init', payload: token === null ? {} : { authorization: `Bearer ${token}` } });
    }
    if (this.target.readyText === null) this.becomeReady();
    if (rest.length > 0) this.walker.read(rest);
  }

  private hear(text: string): void {
    const { protocol, readyText } = this.target;
    if (readyText !== null && text.includes(readyText)) this.becomeReady();
    if (protocol === 'SOCKET_IO') {
      // engine.io: 0 opens, 2 asks for a sign of life; 40 joins the namespace.
      if (text.startsWith('0')) this.send(0x81, Buffer.from('40'));
      else if (text === '2') this.send(0x81, Buffer.from('3'));
    } else if (protocol === 'GRAPHQL_WS') this.hearGraphql(text);
  }

  private hearGraphql(text: string): void {
    const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
    if (type === 'connection_ack') {
      this.say({ id: '1', type: 'subscribe', payload: this.target.subscription });
      // Servers that do not confirm a subscription answer this one after it.
      this.say({ type: 'ping' });
    } else if (type === 'ping') this.say({ type: 'pong' });
    else if (type === 'error' || type === 'complete') this.lose(`${type} ${JSON.stringify(payload)}`);
  }

  private say(message: object): void {
    this.send(0x81, Buffer.from(JSON.stringify(message)));
  }

  /** Masked with zeros: allowed, and nothing has to be computed. */
  private send(first: number, payload: Buffer): void {
    const { length } = payload;
    const size =
      length < 126 ? Buffer.from([first, 0x80 | length]) : Buffer.from([first, 0xfe, length >> 8, length & 0xff]);
    this.socket.write(Buffer.concat([size, Buffer.alloc(4), payload]));
  }
}
