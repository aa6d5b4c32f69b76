import { type Client, createClient } from 'graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Recorder } from '../history/recorder';
import type { Chance } from '../random';

export interface FollowOptions<Item> {
  readonly urls: readonly string[];
  readonly token: string;
  readonly chance: Chance;
  readonly recorder: Recorder;
  readonly query: string;
  /** Read again at each subscription: `after` moves on. */
  readonly variables: () => Readonly<Record<string, unknown>>;
  /** The value of the subscription's one root field. */
  readonly onItem: (item: Item) => void;
}

/** A subscription that comes back after whatever ends it, as a dashboard's does. */
export interface Followed {
  /** Cuts the connection as a lost network does: nobody says goodbye. */
  drop(): void;
  stop(): Promise<void>;
}

/** Between two pings; a peer that does not answer for as long is gone. */
const KEEP_ALIVE_MS = 3_000;

/** The real graphql-ws client, which reconnects by itself, and a loop around it for what it does not reconnect after. */
export function follow<Item>(options: FollowOptions<Item>): Followed {
  const { urls, token, chance, recorder } = options;
  const connection = new Connection();
  const client = createClient({
    url: () => (urls[chance.between(0, urls.length - 1)] ?? '').replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: () => delay(chance.between(50, 700)),
    connectionAckWaitTimeout: 4_000,
    keepAlive: KEEP_ALIVE_MS,
    on: {
      opened: (socket) => connection.opened(socket as WebSocket),
      ping: (received) => connection.pinged(received),
      pong: (received) => connection.ponged(received),
      closed: (event) => {
        connection.closed();
        recorder.trouble(`socket closed: ${(event as { code?: number }).code ?? '?'}`);
      },
    },
  });
  const stopping = new AbortController();
  const running = subscribeForEver(client, connection, options, stopping.signal);
  return {
    drop: () => connection.terminate(),
    stop: async () => {
      stopping.abort();
      await client.dispose();
      connection.terminate();
      await running;
    },
  };
}

async function subscribeForEver<Item>(
  client: Client,
  connection: Connection,
  options: FollowOptions<Item>,
  signal: AbortSignal,
): Promise<void> {
  const payload = {
    query: options.query,
    // The client makes the text of it whenever it subscribes again.
    get variables() {
      return { ...options.variables() };
    },
  };
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    await new Promise<void>((resolve) => {
      client.subscribe<Readonly<Record<string, Item | null>>>(payload, {
        next: ({ data, errors }) => {
          // What the system had already received behind an item that could not be read: it comes again with that one.
          if (connection.isLost) return;
          const [item] = Object.values(data ?? {});
          if (item != null && errors === undefined) options.onItem(item);
          else {
            // It cannot be read, and so is not handled: resume from the one before.
            options.recorder.trouble(`unreadable item: ${errors?.map(({ message }) => message).join() ?? ''}`);
            connection.terminate();
          }
        },
        error: (error) => {
          options.recorder.trouble(`subscription failed: ${describe(error)}`);
          resolve();
        },
        complete: resolve,
      });
    });
    if (!isStopped()) await delay(options.chance.between(100, 500), undefined, { signal }).catch(() => undefined);
  }
}

function describe(error: unknown): string {
  if (Array.isArray(error)) return error.map((one: { message?: string }) => one.message ?? '').join();
  return error instanceof Error ? error.message : `code ${(error as { code?: number }).code ?? '?'}`;
}

/** The newest socket of a client, and whether its peer still answers. */
class Connection {
  private socket: WebSocket | null = null;
  private late: NodeJS.Timeout | undefined;
  /** Given up by us, and not opened again yet. */
  isLost = false;

  opened(socket: WebSocket): void {
    this.socket = socket;
    this.isLost = false;
  }

  pinged(received: boolean): void {
    if (!received) this.late = setTimeout(() => this.terminate(), KEEP_ALIVE_MS);
  }

  ponged(received: boolean): void {
    if (received) clearTimeout(this.late);
  }

  closed(): void {
    clearTimeout(this.late);
    this.socket = null;
  }

  terminate(): void {
    clearTimeout(this.late);
    if (this.socket === null) return;
    this.isLost = true;
    this.socket.terminate();
  }
}
