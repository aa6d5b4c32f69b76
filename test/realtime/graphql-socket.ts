import { WebSocket } from 'ws';

type Variables = Readonly<Record<string, unknown>>;

/** What one operation was answered with so far: whole frames alone. */
export interface Operation<Item> {
  /** Values of the one root field, in the order in which they came. */
  readonly items: Item[];
  /** Payloads of `next` messages as they were on the wire. */
  readonly payloads: { data?: Readonly<Record<string, Item>> | null; errors?: unknown[] }[];
  readonly errors: unknown[];
  isComplete: boolean;
}

/** `graphql-transport-ws` by hand, without any library's ideas of retries: it shows what was really sent. */
export interface GraphqlSocket {
  /** Resolves with whether the server has acknowledged; false: the socket is gone before that. */
  readonly acknowledged: Promise<boolean>;
  /** Resolves with the close code, 1006 where the connection just ended. */
  readonly closed: Promise<number>;
  isClosed(): boolean;
  subscribe<Item>(query: string, variables?: Variables, onItem?: (item: Item) => void): Operation<Item>;
  /** Stops reading, as a laptop that went to sleep; the server fills what the system buffers. */
  pause(): void;
  resume(): void;
  terminate(): void;
}

/** Connects to the GraphQL endpoint at `url` (http or ws) and says who it is. */
export function openGraphqlSocket(url: string, token: string): GraphqlSocket {
  const socket = new WebSocket(url.replace('http', 'ws'), ['graphql-transport-ws']);
  const operations = new Map<string, (message: Message) => void>();
  let acknowledge: (acknowledged: boolean) => void;
  const acknowledged = new Promise<boolean>((resolve) => (acknowledge = resolve));
  // A handshake that was cut is an error and a close; the close tells it.
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) =>
    socket.once('close', (code) => {
      acknowledge(false);
      resolve(code);
    }),
  );
  const send = (message: object): void => socket.send(JSON.stringify(message));
  socket.once('open', () => send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as Message;
    if (message.type === 'connection_ack') acknowledge(true);
    else if (message.id !== undefined) operations.get(message.id)?.(message);
  });
  return {
    acknowledged,
    closed,
    isClosed: () => socket.readyState === socket.CLOSED,
    subscribe: <Item>(query: string, variables: Variables = {}, onItem: (item: Item) => void = () => undefined) => {
      const operation: Operation<Item> = { items: [], payloads: [], errors: [], isComplete: false };
      const id = String(operations.size + 1);
      operations.set(id, (message) => take(operation, message, onItem));
      send({ type: 'subscribe', id, payload: { query, variables } });
      return operation;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    terminate: () => socket.terminate(),
  };
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

function take<Item>(operation: Operation<Item>, { type, payload }: Message, onItem: (item: Item) => void): void {
  if (type === 'complete') operation.isComplete = true;
  if (type === 'error') operation.errors.push(...(payload as unknown[]));
  if (type !== 'next') return;
  const result = payload as Operation<Item>['payloads'][number];
  operation.payloads.push(result);
  operation.errors.push(...(result.errors ?? []));
  for (const item of Object.values(result.data ?? {})) {
    operation.items.push(item);
    onItem(item);
  }
}
