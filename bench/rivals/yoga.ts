import { createServer } from 'node:http';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import type { MessageAdded } from './event';
import { PLAIN_SCHEMA } from './plain-schema';
import { listening, serveRival } from './serve-rival';

/** GraphQL Yoga with its own PubSub and its own transport for subscriptions, Server-Sent Events. */
serveRival(async () => {
  const pubSub = createPubSub<{ organization: [MessageAdded] }>();
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
  const port = await listening(createServer((request, response) => void yoga(request, response)));
  return { port, publish: (event) => pubSub.publish('organization', event) };
});
