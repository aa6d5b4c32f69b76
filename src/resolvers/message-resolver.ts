import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { seesColleagues } from '../domain/actor';
import { presentAgent } from '../presenters/present-agent';
import { presentHandoff } from '../presenters/present-handoff';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import type { Actor } from '../schema/actor';
import { Conversation } from '../schema/conversation';
import type { Handoff } from '../schema/handoff';
import { Message } from '../schema/message';
import { loadConversation } from './conversation-resolver';
import { type RequestContext, signedIn } from './request-context';
import { required, stillThere } from './required';

@Resolver(() => Message)
export class MessageResolver {
  @FieldResolver(() => Conversation, { description: 'The conversation that it was written in, as it is now.' })
  async conversation(@Root() root: Message, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  async author(@Root() root: Message, @Ctx() context: RequestContext): Promise<Actor | null> {
    if (root.authorKind === 'SYSTEM') return null;
    if (root.authorKind === 'OPERATOR') return operatorOf(root, context);
    const conversation = stillThere(await context.loaders.conversations.load(root.conversationRef), 'conversation');
    return root.authorKind === 'AI'
      ? presentAgent(required(await context.loaders.agents.load(conversation.agentId), 'agent'))
      : presentVisitor(stillThere(await context.loaders.visitors.load(conversation.visitorId), 'visitor'));
  }

  @FieldResolver()
  clientNonce(@Root() root: Message, @Ctx() context: RequestContext): string | null {
    const principal = signedIn(context);
    const isSender =
      (root.authorKind === 'VISITOR' && principal.kind === 'VISITOR') ||
      (root.authorKind === 'OPERATOR' && principal.kind === 'USER' && principal.userId === root.authorRef) ||
      (root.authorKind === 'AI' && principal.kind === 'API_KEY' && principal.agentId !== null);
    return isSender ? root.storedClientNonce : null;
  }

  @FieldResolver()
  async handoff(@Root() root: Message, @Ctx() context: RequestContext): Promise<Handoff | null> {
    if (root.handoffRef === null) return null;
    return presentHandoff(stillThere(await context.loaders.handoffs.load(root.handoffRef), 'handoff'));
  }
}

/** Who is no colleague sees the little of an operator that is on the card: no address, no permissions. */
async function operatorOf(root: Message, context: RequestContext): Promise<Actor> {
  const user = required(await context.loaders.users.load(required(root.authorRef, 'author')), 'user');
  return seesColleagues(signedIn(context)) ? presentUser(user) : presentOperatorCard(user);
}
