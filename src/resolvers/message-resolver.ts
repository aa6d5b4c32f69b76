import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { seesColleagues } from '../domain/actor';
import { presentAgent } from '../presenters/present-agent';
import { presentHandoff } from '../presenters/present-handoff';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import type { Actor } from '../schema/actor';
import { Conversation } from '../schema/conversation';
import type { Visitor as Row } from '../entities/visitor';
import type { Handoff } from '../schema/handoff';
import { Message } from '../schema/message';
import type { Visitor } from '../schema/visitor';
import { loadConversation } from './conversation-resolver';
import { type RequestContext, signedIn } from './request-context';
import { required, type Soon, stillThere } from './required';

@Resolver(() => Message)
export class MessageResolver {
  @FieldResolver(() => Conversation, { description: 'The conversation that it was written in, as it is now.' })
  async conversation(@Root() root: Message, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  author(@Root() root: Message, @Ctx() context: RequestContext): Soon<Actor | null> {
    const { conversations, agents, visitors, visitorsIn } = context.loaders;
    if (root.authorKind === 'SYSTEM') return null;
    if (root.authorKind === 'OPERATOR') return operatorOf(root, context);
    const presentThere = (visitor: Row | null): Visitor => presentVisitor(stillThere(visitor, 'visitor'));
    // A message that a stream tells comes without its conversation: one statement for the two of them.
    if (root.authorKind === 'VISITOR' && !conversations.has(root.conversationRef)) {
      return visitorsIn.with<Actor>(root.conversationRef, presentThere);
    }
    return conversations.with<Actor>(root.conversationRef, (row) => {
      const { agentId, visitorId } = stillThere(row, 'conversation');
      return root.authorKind === 'AI'
        ? agents.with<Actor>(agentId, (agent) => presentAgent(required(agent, 'agent')))
        : visitors.with<Actor>(visitorId, presentThere);
    });
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
function operatorOf(root: Message, context: RequestContext): Soon<Actor> {
  return context.loaders.users.with(required(root.authorRef, 'author'), (row) => {
    const user = required(row, 'user');
    return seesColleagues(signedIn(context)) ? presentUser(user) : presentOperatorCard(user);
  });
}
