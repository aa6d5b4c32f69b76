import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { parse } from 'graphql';
import { createClient, type Client as GraphqlWsClient } from 'graphql-ws';
import { tap } from 'rxjs';
import { WebSocket } from 'ws';
import { type Scene, startScene, type Visit, write } from '../api/scene';
import { type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy';
import { range, seededRandom, until } from './support';

const SEED = 20_261_128;
const CUTS = 12;
const LEAST_MESSAGES = 20;

let scene: Scene;
let visit: Visit;
let proxy: CuttingProxy;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
beforeEach(async () => {
  visit = await scene.visit();
  proxy = await startCuttingProxy(() => scene.api.url);
});
afterEach(() => proxy.close());
afterAll(async () => {
  await scene.api.stop();
});

/** What an application that follows the organization was given. */
interface Followed {
  readonly items: EventView[];
  readonly failures: unknown[];
  stop(): void;
}
interface Data {
  readonly organizationEvents: EventView;
}
interface Variables {
  readonly id: string;
  after: string | null;
}

/** As an application makes one: it comes back by itself, sooner than it would in the field. */
function newTransport(): GraphqlWsClient {
  return createClient({
    url: proxy.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${scene.people.operator.token!}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 5)),
  });
}

function newVariables(): Variables {
  return { id: scene.ids.organization, after: null };
}

function withGraphqlWs(transport: GraphqlWsClient): Followed {
  const [items, failures]: [EventView[], unknown[]] = [[], []];
  const variables = {
    ...newVariables(),
    // Read again each time that the client subscribes again.
    get after() {
      return items.at(-1)?.cursor ?? null;
    },
  };
  const stop = transport.subscribe<Data>(
    { query: ORGANIZATION_EVENTS, variables },
    {
      next: ({ data, errors }) => {
        if (errors !== undefined) failures.push(...errors);
        if (data != null) items.push(data.organizationEvents);
      },
      error: (error) => failures.push(error),
      complete: () => undefined,
    },
  );
  return { items, failures, stop };
}

function withApollo(transport: GraphqlWsClient): Followed {
  const [items, failures]: [EventView[], unknown[]] = [[], []];
  // The variables of an operation are what its link sends when it subscribes again.
  const resume = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        operation.variables.after = (data as Data).organizationEvents.cursor;
      }),
    ),
  );
  const client = new ApolloClient({
    link: ApolloLink.from([resume, new GraphQLWsLink(transport)]),
    cache: new InMemoryCache(),
  });
  const subscription = client
    .subscribe<Data>({ query: parse(ORGANIZATION_EVENTS), variables: newVariables() })
    .subscribe({
      next: ({ data, error }) => {
        if (error !== undefined) failures.push(error);
        if (data != null) items.push(data.organizationEvents);
      },
      error: (error) => failures.push(error),
    });
  return {
    items,
    failures,
    stop: () => {
      subscription.unsubscribe();
      client.stop();
    },
  };
}

function withUrql(transport: GraphqlWsClient): Followed {
  const [items, failures]: [EventView[], unknown[]] = [[], []];
  const client = new Client({
    url: proxy.url,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => {
          const payload = { query, variables: { ...variables } as Record<string, unknown> };
          return {
            subscribe: (sink) => ({
              unsubscribe: transport.subscribe<Data>(payload, {
                ...sink,
                next: (result) => {
                  payload.variables.after = result.data?.organizationEvents.cursor;
                  sink.next(result as Parameters<typeof sink.next>[0]);
                },
              }),
            }),
          };
        },
      }),
    ],
  });
  const { unsubscribe } = client
    .subscription<Data>(ORGANIZATION_EVENTS, newVariables())
    .subscribe(({ data, error }) => {
      if (error !== undefined) failures.push(error);
      if (data !== undefined) items.push(data.organizationEvents);
    });
  return { items, failures, stop: unsubscribe };
}

test.each([
  ['graphql-ws', withGraphqlWs],
  ['Apollo Client', withApollo],
  ['urql', withUrql],
] as const)('%s is cut again and again, and gives its application what was sent', async (_, follow) => {
  const random = seededRandom(SEED);
  const transport = newTransport();
  proxy.cutAfter = () => (proxy.cuts < CUTS ? 450 + random(1500) : Number.POSITIVE_INFINITY);
  const followed = follow(transport);
  await until('READY', () => followed.items.length > 0);
  let written = 0;
  while (proxy.cuts < CUTS || written < LEAST_MESSAGES) {
    written += 1;
    await write(visit.visitor, visit.conversationId, String(written));
  }
  const texts = (): string[] => followed.items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
  await until('all', () => texts().length >= written);
  expect(texts()).toEqual(range(1, written).map(String));
  const events = followed.items.filter(({ __typename }) => __typename !== 'StreamReady').map(({ cursor }) => cursor);
  expect(new Set(events).size).toBe(events.length);
  const [first, ...later] = followed.items.filter(({ __typename }) => __typename === 'StreamReady');
  expect(first).toMatchObject({ recovered: false });
  expect(later.length).toBeGreaterThan(CUTS / 3);
  expect(later.filter(({ recovered }) => recovered !== true)).toEqual([]);
  expect(followed.failures).toEqual([]);
  followed.stop();
  await transport.dispose();
});
