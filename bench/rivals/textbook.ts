import 'reflect-metadata';
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { GraphQLError } from 'graphql';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { PubSub, type PubSubEngine } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { buildSchema, type PubSub as TypeGraphqlPubSub } from 'type-graphql';
import { DataSource } from 'typeorm';
import { WebSocketServer } from 'ws';
import { listening, serveRival } from './serve-rival';
import { TextbookLoaders } from './textbook-loaders';
import { type TextbookContext, TextbookResolver, topicOf } from './textbook-resolver';
import { TextbookActor, TextbookConversation, TextbookMessage, TextbookOutbox } from './textbook-types';

interface Settings {
  readonly databaseUrl: string;
  /** Null on a machine without Redis: then the in-memory PubSub of the same family, which costs less. */
  readonly redisUrl: string | null;
  readonly organizationId: string;
  /** As many connections as Baton's own pool. */
  readonly poolSize: number;
}

/** type-graphql, TypeORM, Apollo Server on Express 5, graphql-ws and graphql-redis-subscriptions, as their documentation puts them together. */
serveRival(async ({ databaseUrl, redisUrl, organizationId, poolSize }: Settings) => {
  const source = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    entities: [TextbookActor, TextbookConversation, TextbookMessage, TextbookOutbox],
    synchronize: true,
    poolSize,
  });
  await source.initialize();
  const pubSub: PubSubEngine =
    redisUrl === null
      ? new PubSub()
      : new RedisPubSub({ publisher: new Redis(redisUrl), subscriber: new Redis(redisUrl) });

  const contextOf = async (authorization: unknown): Promise<TextbookContext> => {
    const token = typeof authorization === 'string' ? authorization.replace('Bearer ', '') : '';
    const caller = await source.getRepository(TextbookActor).findOneBy({ token });
    if (caller === null) throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
    return { caller, source, pubSub, loaders: new TextbookLoaders(source) };
  };

  const schema = await buildSchema({
    resolvers: [TextbookResolver],
    // Every subscription here brings its own `subscribe`; type-graphql asks for one all the same.
    pubSub: pubSub as unknown as TypeGraphqlPubSub,
  });
  const app = express();
  const http = createServer(app);
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer({ schema, context: ({ connectionParams }) => contextOf(connectionParams?.authorization) }, sockets);
  const server = new ApolloServer<TextbookContext>({
    schema,
    plugins: [ApolloServerPluginDrainHttpServer({ httpServer: http })],
  });
  await server.start();
  app.use(
    '/graphql',
    express.json(),
    expressMiddleware(server, { context: ({ req }) => contextOf(req.headers.authorization) }),
  );
  return {
    port: await listening(http),
    publish: (event) => pubSub.publish(topicOf(organizationId), event),
  };
});
