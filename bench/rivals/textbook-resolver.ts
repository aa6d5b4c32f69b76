import type { PubSubEngine } from 'graphql-subscriptions';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { DataSource } from 'typeorm';
import type { TextbookLoaders } from './textbook-loaders';
import {
  TextbookActor,
  TextbookConversation,
  TextbookEvent,
  TextbookMessage,
  TextbookOutbox,
  TextbookSendInput,
} from './textbook-types';

export interface TextbookContext {
  readonly caller: TextbookActor;
  readonly source: DataSource;
  readonly pubSub: PubSubEngine;
  readonly loaders: TextbookLoaders;
}

export const topicOf = (organizationId: string): string => `organization:${organizationId}`;

@Resolver(() => TextbookConversation)
export class TextbookResolver {
  @Query(() => [TextbookConversation])
  conversations(
    @Arg('organizationId', () => ID) organizationId: string,
    @Arg('first', () => Int) first: number,
    @Ctx() { source }: TextbookContext,
  ): Promise<TextbookConversation[]> {
    return source.getRepository(TextbookConversation).find({
      where: { organizationId, status: 'OPEN' },
      order: { lastMessageAt: 'DESC' },
      take: first,
    });
  }

  @FieldResolver(() => TextbookActor, { nullable: true })
  visitor(@Root() { visitorId }: TextbookConversation, @Ctx() { loaders }: TextbookContext): Promise<TextbookActor> {
    return loaders.actors.load(visitorId);
  }

  @FieldResolver(() => TextbookActor, { nullable: true })
  operator(@Root() { operatorId }: TextbookConversation, @Ctx() { loaders }: TextbookContext): Promise<TextbookActor> {
    return loaders.actors.load(operatorId);
  }

  @FieldResolver(() => TextbookActor, { nullable: true })
  agent(@Root() { agentId }: TextbookConversation, @Ctx() { loaders }: TextbookContext): Promise<TextbookActor> {
    return loaders.actors.load(agentId);
  }

  @FieldResolver(() => TextbookMessage, { nullable: true })
  lastMessage(@Root() { id }: TextbookConversation, @Ctx() { loaders }: TextbookContext): Promise<TextbookMessage> {
    return loaders.lastMessages.load(id);
  }

  @Mutation(() => TextbookMessage)
  async sendMessage(
    @Arg('input', () => TextbookSendInput) input: TextbookSendInput,
    @Ctx() { source, pubSub, caller }: TextbookContext,
  ): Promise<TextbookMessage> {
    const { message, organizationId } = await source.transaction(async (manager) => {
      const conversation = await manager.findOneOrFail(TextbookConversation, {
        where: { id: input.conversationId },
        lock: { mode: 'pessimistic_write' },
      });
      conversation.lastSequence += 1;
      conversation.lastMessageAt = new Date();
      await manager.save(conversation);
      const saved = await manager.save(
        manager.create(TextbookMessage, {
          conversationId: conversation.id,
          sequence: conversation.lastSequence,
          kind: 'TEXT',
          authorKind: 'VISITOR',
          authorId: caller.id,
          author: caller,
          text: input.text,
          clientNonce: input.clientNonce,
          createdAt: conversation.lastMessageAt,
        }),
      );
      await manager.save(manager.create(TextbookOutbox, { name: 'MESSAGE_ADDED', payload: saved }));
      return { message: saved, organizationId: conversation.organizationId };
    });
    await pubSub.publish(topicOf(organizationId), { cursor: message.id, message });
    return message;
  }

  @Subscription(() => TextbookEvent, {
    subscribe: ({ args, context }) =>
      (context as TextbookContext).pubSub.asyncIterableIterator(
        topicOf(String((args as { organizationId: unknown }).organizationId)),
      ) as AsyncIterableIterator<TextbookEvent>,
  })
  organizationEvents(
    @Root() event: TextbookEvent,
    @Arg('organizationId', () => ID) _organizationId: string,
  ): TextbookEvent {
    return event;
  }
}
