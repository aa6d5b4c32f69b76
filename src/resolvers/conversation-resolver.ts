import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Agent as AgentRow } from '../entities/agent';
import { readerIdOf, seesColleagues } from '../domain/actor';
import { decideActions } from '../domain/conversation/actions';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { presentAgent } from '../presenters/present-agent';
import { presentConversation } from '../presenters/present-conversation';
import { presentHandoff } from '../presenters/present-handoff';
import { presentMessage } from '../presenters/present-message';
import { presentNote } from '../presenters/present-note';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { presentPage } from '../presenters/present-page';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import { listHandoffs, listMessages, listNotes } from '../queries/lists';
import { type Agent } from '../schema/agent';
import { HandoffConnection, MessageConnection, NoteConnection } from '../schema/connections';
import { Conversation, type ConversationAction } from '../schema/conversation';
import { type Handoff } from '../schema/handoff';
import type { HandoffOffer } from '../schema/handoff-offer';
import { type Message } from '../schema/message';
import { type Organization } from '../schema/organization';
import { OperatorCard } from '../schema/operator-card';
import { PageArgs } from '../schema/page-args';
import { type User } from '../schema/user';
import { type Visitor } from '../schema/visitor';
import { isOffered, offerFor } from './offer';
import { type RequestContext, signedIn } from './request-context';
import { required, type Soon, stillThere } from './required';
import { visibleOrganization } from './visible-organization';

/** Fields of a conversation that are read or decided for whoever asks. */
@Resolver(() => Conversation)
export class ConversationResolver {
  @FieldResolver()
  agent(@Root() root: Conversation, @Ctx() context: RequestContext): Soon<Agent> {
    return context.loaders.agents.with(root.agentRef, (row) => presentAgent(required(row, 'agent')));
  }

  @FieldResolver()
  async organization(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<Organization | null> {
    return visibleOrganization(context, root);
  }

  @FieldResolver()
  visitor(@Root() root: Conversation, @Ctx() context: RequestContext): Soon<Visitor> {
    return context.loaders.visitors.with(root.visitorRef, (row) => presentVisitor(stillThere(row, 'visitor')));
  }

  @FieldResolver()
  operator(@Root() root: Conversation, @Ctx() context: RequestContext): Soon<User | null> {
    if (root.operatorRef === null || !seesColleagues(signedIn(context))) return null;
    return context.loaders.users.with(root.operatorRef, (row) => presentUser(required(row, 'user')));
  }

  @FieldResolver(() => OperatorCard, {
    nullable: true,
    description:
      'The person who has the conversation, as the visitor may see them: show it as soon as the person has joined. Null while nobody has it.',
  })
  async operatorCard(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<OperatorCard | null> {
    if (root.operatorRef === null) return null;
    return presentOperatorCard(required(await context.loaders.users.load(root.operatorRef), 'user'));
  }

  @FieldResolver(() => [OperatorCard], {
    description:
      'To whom an operator can hand it with `transferHandoff` at this moment: those online who may handle its agent, but for the one who has it. Empty for visitors and AI runtimes.',
  })
  async transferTargets(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<OperatorCard[]> {
    if (root.operatorRef === null || !seesColleagues(signedIn(context))) return [];
    const scope = { workspaceId: root.workspaceRef, organizationId: root.organizationRef, agentId: root.agentRef };
    const operators = await context.loaders.operators.load(scope);
    return operators.all.filter(({ id, isOnline }) => isOnline && id !== root.operatorRef).map(presentOperatorCard);
  }

  @FieldResolver()
  async handoff(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<Handoff | null> {
    if (root.handoffRef === null) return null;
    return presentHandoff(stillThere(await context.loaders.handoffs.load(root.handoffRef), 'handoff'));
  }

  @FieldResolver()
  async handoffOffer(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<HandoffOffer> {
    const agent = await agentOf(root, context);
    return offerFor(context, agent, root.organizationRef, root);
  }

  @FieldResolver(() => HandoffConnection, {
    description: 'Every time a person was asked for or took over in this conversation, newest first.',
  })
  async handoffs(
    @Root() root: Conversation,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<HandoffConnection> {
    const owner = { conversationId: root.conversationRef };
    const list = listHandoffs(context.readOf(signedIn(context)), signedIn(context), owner, null);
    return Object.assign(new HandoffConnection(), presentPage(await list.page(page), presentHandoff), {
      countTotal: list.count,
    });
  }

  @FieldResolver(() => MessageConnection, {
    description:
      'The transcript, oldest first. Use `last: 50` for the newest page and `before` to scroll up; `sequence` is dense, so a hole means that you missed something.',
  })
  async messages(
    @Root() root: Conversation,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<MessageConnection> {
    const rows = await context.read((manager) => listMessages(manager, root.conversationRef, page, context.reading));
    return Object.assign(new MessageConnection(), presentPage(rows, presentMessage));
  }

  @FieldResolver(() => NoteConnection, {
    nullable: true,
    description:
      'What operators note for each other, oldest first: `last: 50` for the newest. Null for the visitor and the AI runtime, who never see a note.',
  })
  async notes(
    @Root() root: Conversation,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<NoteConnection | null> {
    if (!mayOnConversation(signedIn(context), 'viewNotes', subjectOf(root))) return null;
    const rows = await context.read((manager) => listNotes(manager, root.conversationRef, page));
    return Object.assign(new NoteConnection(), presentPage(rows, presentNote));
  }

  @FieldResolver()
  lastMessage(@Root() root: Conversation, @Ctx() context: RequestContext): Soon<Message | null> {
    if (root.lastSequence === 0) return null;
    const key = { conversationId: root.conversationRef, sequence: root.lastSequence };
    return context.loaders.messageAt.with(key, (row) => presentMessage(stillThere(row, 'message')));
  }

  @FieldResolver()
  async unreadCount(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<number> {
    if (signedIn(context).kind === 'API_KEY') return 0;
    // Sequences are dense and whoever writes has read: the difference is the number of unread messages.
    return Math.max(0, root.lastSequence - (await context.loaders.readSequence.load(root.conversationRef)));
  }

  @FieldResolver()
  async visitorReadSequence(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<number> {
    return context.loaders.readMark.load({ conversationId: root.conversationRef, readerId: root.visitorRef });
  }

  @FieldResolver()
  async operatorReadSequence(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<number | null> {
    if (root.operatorRef === null) return null;
    return context.loaders.readMark.load({ conversationId: root.conversationRef, readerId: root.operatorRef });
  }

  @FieldResolver()
  async viewerCan(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<ConversationAction[]> {
    const principal = signedIn(context);
    const agent = await agentOf(root, context);
    const hasOffer = await isOffered(context, agent, root.organizationRef, root);
    const subject = subjectOf(root);
    return decideActions({
      asVisitor: mayOnConversation(principal, 'visit', subject),
      asOperator: mayOnConversation(principal, 'operate', subject),
      asAi: mayOnConversation(principal, 'runAi', subject),
      isTheOperator: root.operatorRef !== null && root.operatorRef === readerIdOf(principal),
      aiMayRequest: agent.aiMayRequest,
      handoffEnabled: agent.handoffEnabled,
      isOffered: hasOffer,
      status: root.status,
      handoffState: root.handoffState,
    });
  }

  @FieldResolver()
  streamCursor(@Ctx() context: RequestContext): string {
    return context.streamCursor;
  }
}

/** Loads and presents a conversation that another object leads to. */
export async function loadConversation(context: RequestContext, id: string): Promise<Conversation> {
  return presentConversation(stillThere(await context.loaders.conversations.load(id), 'conversation'));
}

async function agentOf(root: Conversation, context: RequestContext): Promise<AgentRow> {
  return required(await context.loaders.agents.load(root.agentRef), 'agent');
}

/** Whose it is, as rules need to know it. */
export function subjectOf(root: Conversation): {
  workspaceId: string;
  organizationId: string | null;
  agentId: string;
  visitorId: string;
} {
  return {
    workspaceId: root.workspaceRef,
    organizationId: root.organizationRef,
    agentId: root.agentRef,
    visitorId: root.visitorRef,
  };
}
