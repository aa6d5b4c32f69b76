import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import WebSocket from 'ws';

export interface GraphqlResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** Asks over HTTP, as a frontend does. */
export async function post(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  token: string | null = null,
): Promise<GraphqlResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphqlResponse;
}

/** Data of an operation that must not have errors. `Data` is what the test expects of its own document. */
export async function ask<Data>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  token: string | null = null,
): Promise<Data> {
  const { data, errors } = await post(url, query, variables, token);
  if (errors !== undefined) throw new Error(`${errors.map((error) => error.message).join('; ')} in ${query}`);
  return data as Data;
}

/** Everything that a subscription has delivered so far, and a way to wait for more. */
export interface Subscribed<Item> {
  readonly items: Item[];
  readonly errors: unknown[];
  /** Resolves with the first item that fits, seen already or still to come. Rejects after 20 s. */
  waitFor(fits: (item: Item) => boolean): Promise<Item>;
  readonly client: Client;
  stop(): Promise<void>;
}

const WAIT_MS = 20_000;

/** Subscribes with the real graphql-ws client; items are the value of the subscription's one root field. */
export function subscribe<Item>(url: string, payload: SubscribePayload, token: string): Subscribed<Item> {
  const items: Item[] = [];
  const errors: unknown[] = [];
  const listeners = new Set<() => void>();
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  client.subscribe<Record<string, Item>>(payload, {
    next: ({ data, errors: problems }) => {
      if (problems !== undefined) errors.push(...problems);
      items.push(...Object.values(data ?? {}).filter((item) => item !== null));
      tell();
    },
    error: (error) => {
      errors.push(error);
      tell();
    },
    complete: tell,
  });
  return {
    items,
    errors,
    client,
    stop: async () => client.dispose(),
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = items.find(fits);
          if (found === undefined) return;
          settle();
          resolve(found);
        };
        const late = setTimeout(() => {
          settle();
          reject(new Error(`No such item came. There were: ${JSON.stringify(items)} ${JSON.stringify(errors)}`));
        }, WAIT_MS);
        const settle = (): void => {
          clearTimeout(late);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
  };
}
