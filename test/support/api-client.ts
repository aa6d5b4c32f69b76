import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import WebSocket from 'ws';
import { mutationDocument, type Payload } from './mutation-documents';
import { postJson } from './post-json';

export interface GraphqlResponse {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

type Variables = Readonly<Record<string, unknown>>;

/** Somebody with a credential, or nobody with none, in front of one server: over HTTP as a frontend does it. */
export class Caller {
  constructor(
    private readonly url: string,
    readonly token: string | null,
  ) {}

  /** The same server, another credential. */
  as(token: string | null): Caller {
    return new Caller(this.url, token);
  }

  /** The same credential at another process. */
  at(url: string): Caller {
    return new Caller(url, this.token);
  }

  async post(query: string, variables: Variables = {}): Promise<GraphqlResponse> {
    const authorization: Record<string, string> = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    return (await postJson(this.url, authorization, { query, variables })).body as GraphqlResponse;
  }

  /** Data of an operation that must not have errors. `Data` is what the test expects of its own document. */
  async ask<Data>(query: string, variables: Variables = {}): Promise<Data> {
    const { data, errors } = await this.post(query, variables);
    if (errors !== undefined) throw new Error(`${errors.map((error) => error.message).join('; ')} in ${query}`);
    return data as Data;
  }

  /** Runs a mutation that may be refused; GraphQL errors are none of its refusals and are thrown. */
  async attempt(mutation: string, input: Variables): Promise<Payload> {
    const data = await this.ask<Readonly<Record<string, Payload>>>(mutationDocument(mutation), { input });
    return data[mutation]!;
  }

  /** Runs a mutation that must not be refused. */
  async act(mutation: string, input: Variables): Promise<Payload> {
    const payload = await this.attempt(mutation, input);
    if (payload.userErrors.length > 0) throw new Error(`${mutation}: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  /** The codes of a mutation's refusals; empty when it succeeded. */
  async refusals(mutation: string, input: Variables): Promise<string[]> {
    return (await this.attempt(mutation, input)).userErrors.map((error) => error.code);
  }

  /** Subscribes over a socket of its own. */
  subscribe<Item>(query: string, variables: Variables = {}): Subscribed<Item> {
    return subscribe<Item>(this.url, { query, variables }, this.token);
  }
}

/** Everything that a subscription has delivered so far, and a way to wait for more. */
export interface Subscribed<Item> {
  readonly items: readonly Item[];
  readonly errors: readonly unknown[];
  /** Resolves with the first item that fits, seen already or still to come. Rejects after 20 s, or on an error. */
  waitFor(fits: (item: Item) => boolean): Promise<Item>;
  /** Resolves with the first error: of the subscription, or how the socket was closed. */
  waitForError(): Promise<unknown>;
  readonly client: Client;
  stop(): Promise<void>;
}

const WAIT_MS = 20_000;

/** Subscribes with the real graphql-ws client; items are the value of the subscription's one root field. */
function subscribe<Item>(url: string, payload: SubscribePayload, token: string | null): Subscribed<Item> {
  const items: Item[] = [];
  const errors: unknown[] = [];
  const listeners = new Set<() => void>();
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
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
      errors.push(...(Array.isArray(error) ? error : [error]));
      tell();
    },
    complete: tell,
  });
  /** `look` answers null as long as there is nothing. */
  const waitUntil = <Found>(look: () => Found | null, options: { failsOnError: boolean }): Promise<Found> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(late);
        listeners.delete(check);
      };
      const fail = (what: string): void => {
        settle();
        reject(new Error(`${what} There were: ${JSON.stringify(items)} ${JSON.stringify(errors)}`));
      };
      const check = (): void => {
        const found = look();
        if (found !== null) {
          settle();
          resolve(found);
        } else if (options.failsOnError && errors.length > 0) fail('The subscription failed.');
      };
      const late = setTimeout(() => fail('Nothing of the kind came.'), WAIT_MS);
      listeners.add(check);
      check();
    });
  return {
    items,
    errors,
    client,
    stop: async () => client.dispose(),
    waitFor: (fits) => waitUntil(() => items.find(fits) ?? null, { failsOnError: true }),
    waitForError: () => waitUntil(() => errors[0] ?? null, { failsOnError: false }),
  };
}
