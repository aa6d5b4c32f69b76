import fastify from 'fastify';
import mercurius from 'mercurius';
import { PLAIN_SCHEMA } from './plain-schema';
import { serveRival } from './serve-rival';

/** Fastify with mercurius and its own PubSub, as its documentation of subscriptions shows them. */
serveRival(async () => {
  const app = fastify();
  await app.register(mercurius, {
    schema: PLAIN_SCHEMA,
    subscription: true,
    resolvers: {
      Query: { ready: () => true },
      Subscription: {
        organizationEvents: { subscribe: async (_root, _args, { pubsub }) => pubsub.subscribe('organization') },
      },
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    publish: (event) => {
      app.graphql.pubsub.publish({ topic: 'organization', payload: { organizationEvents: event } });
    },
  };
});
