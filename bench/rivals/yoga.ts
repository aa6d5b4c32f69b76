import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { MessageAdded } from './event';
import { PLAIN_SCHEMA } from './plain-schema';
import { listening, serveRival } from './serve-rival';

/** What is used of it. Its own types refer to those of browsers, which would then be everywhere and clash with Node's. */
interface Yoga {
  readonly createPubSub: () => {
    readonly publish: (topic: string, event: MessageAdded) => void;
    readonly subscribe: (topic: string) => AsyncIterable<MessageAdded>;
  };
  readonly createSchema: (options: { typeDefs: string; resolvers: object }) => object;
  readonly createYoga: (options: { schema: object; logging: boolean; graphiql: boolean }) => RequestListener;
}

/** GraphQL Yoga with its own PubSub and its own transport for subscriptions, Server-Sent Events. */
serveRival(async () => {
  const { createPubSub, createSchema, createYoga } = createRequire(__filename)('graphql-yoga') as Yoga;
  const pubSub = createPubSub();
  const schema = createSchema({
    typeDefs: PLAIN_SCHEMA,
    resolvers: {
      Query: { ready: () => true },
      Subscription: {
        organizationEvents: {
          subscribe: () => pubSub.subscribe('organization'),
          resolve: (event: MessageAdded) => event,
        },
      },
    },
  });
  const yoga = createYoga({ schema, logging: false, graphiql: false });
  const port = await listening(createServer(yoga));
  return { port, publish: (event) => pubSub.publish('organization', event) };
});
