import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { decodeAnyPublicId, decodePublicId } from '../domain/public-id';
import { presentApiKey } from '../presenters/present-api-key';
import { presentPushSubscription } from '../presenters/present-push-subscription';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import { findApiKey, listPushSubscriptions } from '../queries/own-rows';
import { Agent } from '../schema/agent';
import { ConversationConnection } from '../schema/connections';
import { Conversation } from '../schema/conversation';
import { Handoff } from '../schema/handoff';
import { Inquiry } from '../schema/inquiry';
import { Node } from '../schema/node';
import { PageArgs } from '../schema/page-args';
import { PushSubscription } from '../schema/push-subscription';
import { Viewer } from '../schema/viewer';
import { conversationList } from './conversation-list';
import { findNode, NODES } from './nodes';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn, userOf, visitorOf } from './request-context';
import { required, stillThere } from './required';

const BY_ID = { description: 'Public id of the object, as another field gave it.' };

/** Roots that find one object, or the caller itself. */
@Resolver()
export class ReadResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      'Any object by id; null when it does not exist or the viewer may not see it: the two are never told apart.',
  })
  async node(@Arg('id', () => ID, BY_ID) id: string, @Ctx() context: RequestContext): Promise<Node | null> {
    signedIn(context);
    const decoded = decodeAnyPublicId(id);
    return decoded === null ? null : findNode(context, decoded.type, decoded.uuid);
  }

  @Query(() => Viewer, {
    nullable: true,
    description: 'Whose credential this is: a person, a visitor or an API key. Null without a valid credential.',
  })
  async viewer(@Ctx() context: RequestContext): Promise<typeof Viewer | null> {
    const { principal, loaders } = context;
    if (principal === null) return null;
    switch (principal.kind) {
      case 'USER':
        return presentUser(required(await loaders.users.load(principal.userId), 'user'));
      case 'VISITOR':
        return presentVisitor(stillThere(await loaders.visitors.load(principal.visitorId), 'visitor'));
      case 'API_KEY':
        return presentApiKey(
          required(await context.read((manager) => findApiKey(manager, principal, principal.keyId)), 'API key'),
        );
    }
  }

  @Query(() => Agent, { nullable: true, description: 'An agent that the viewer may see; null for every other id.' })
  async agent(@Arg('id', () => ID, BY_ID) id: string, @Ctx() context: RequestContext): Promise<Agent | null> {
    const uuid = decodePublicId('agent', id);
    return uuid === null ? null : NODES.agent(context, signedIn(context), uuid);
  }

  @Query(() => Conversation, {
    nullable: true,
    description: 'A conversation that the viewer may read, or that is its own; null for every other id.',
  })
  async conversation(
    @Arg('id', () => ID, BY_ID) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Conversation | null> {
    const uuid = decodePublicId('conversation', id);
    return uuid === null ? null : NODES.conversation(context, signedIn(context), uuid);
  }

  @Query(() => Handoff, { nullable: true, description: 'A handoff of a conversation that the viewer may read.' })
  async handoff(@Arg('id', () => ID, BY_ID) id: string, @Ctx() context: RequestContext): Promise<Handoff | null> {
    const uuid = decodePublicId('handoff', id);
    return uuid === null ? null : NODES.handoff(context, signedIn(context), uuid);
  }

  @Query(() => Inquiry, { nullable: true, description: 'An inquiry of a conversation that the viewer may read.' })
  async inquiry(@Arg('id', () => ID, BY_ID) id: string, @Ctx() context: RequestContext): Promise<Inquiry | null> {
    const uuid = decodePublicId('inquiry', id);
    return uuid === null ? null : NODES.inquiry(context, signedIn(context), uuid);
  }

  @Query(() => ConversationConnection, {
    description: "The visitor's own conversations with the agent of its session, the newest activity first.",
  })
  async myConversations(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConversationConnection> {
    const visitor = visitorOf(context);
    if (visitor === null) throw forbiddenField('Only visitors have conversations of their own.');
    const order = { orderBy: { field: 'LAST_MESSAGE_AT', direction: 'DESC' } } as const;
    return conversationList(context, { visitorId: visitor.visitorId }, { ...page, ...order }, info);
  }

  @Query(() => String, {
    description: 'Key that a browser needs as `applicationServerKey` when it subscribes to push. For signed-in people.',
  })
  vapidPublicKey(@Ctx() context: RequestContext): string {
    signedIn(context);
    return context.app.vapidPublicKey;
  }

  @Query(() => [PushSubscription], {
    description: 'The browsers that receive push for the signed-in person. Empty for visitors and keys.',
  })
  async pushSubscriptions(@Ctx() context: RequestContext): Promise<PushSubscription[]> {
    const user = userOf(context);
    if (user === null) return [];
    return (await context.read((manager) => listPushSubscriptions(manager, user))).map(presentPushSubscription);
  }
}
