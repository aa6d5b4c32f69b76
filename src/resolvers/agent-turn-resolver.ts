import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { presentMessage } from '../presenters/present-message';
import { AgentTurn } from '../schema/agent-turn';
import type { Conversation } from '../schema/conversation';
import type { Message } from '../schema/message';
import { loadConversation } from './conversation-resolver';
import type { RequestContext } from './request-context';
import { stillThere } from './required';

@Resolver(() => AgentTurn)
export class AgentTurnResolver {
  @FieldResolver()
  async conversation(@Root() root: AgentTurn, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  async message(@Root() root: AgentTurn, @Ctx() context: RequestContext): Promise<Message> {
    return presentMessage(stillThere(await context.loaders.messages.load(root.messageRef), 'message'));
  }
}
