import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { StreamItem } from '../realtime/event-feed';
import { CursorScalar } from '../schema/scalars';
import { ConversationEvent, HandoffEvent, OrganizationEvent } from '../schema/stream-events';
import { presentStreamItem } from './present-stream-item';
import type { SubscribeData } from './subscribe-data';
import { streamConversation, streamHandoffs, streamOrganization, streamWorkspace } from './streams';

const AFTER = {
  nullable: true,
  description: 'Newest cursor that you have: everything behind it follows, once and in order. Without it: from now on.',
};

interface After {
  after?: string | null;
}

/** Durable events: each has a cursor, arrives once and in order, and can be resumed `after` any cursor. */
@Resolver()
export class EventSubscriptions {
  @Subscription(() => ConversationEvent, {
    description:
      'Messages and changes of one conversation, for its visitor, its operators and its AI runtime. StreamReady comes first.',
    subscribe: ({ args, context }: SubscribeData<{ conversationId: string } & After>) =>
      streamConversation(context, args.conversationId, args.after ?? null),
  })
  conversationEvents(
    @Root() item: StreamItem,
    @Arg('conversationId', () => ID, { description: 'Id of the conversation.' }) _conversationId: string,
    @Arg('after', () => CursorScalar, AFTER) _after?: string | null,
  ): typeof ConversationEvent {
    return presentStreamItem(item);
  }

  @Subscription(() => OrganizationEvent, {
    description:
      "Every conversation, handoff and inquiry of an organization that you may see: the dashboard's live feed. Needs VIEW_CONVERSATIONS.",
    subscribe: ({ args, context }: SubscribeData<{ organizationId: string; agentIds?: string[] | null } & After>) =>
      streamOrganization(context, args.organizationId, args.after ?? null, args.agentIds ?? null),
  })
  organizationEvents(
    @Root() item: StreamItem,
    @Arg('organizationId', () => ID, { description: 'Id of the organization.' }) _organizationId: string,
    @Arg('after', () => CursorScalar, AFTER) _after?: string | null,
    @Arg('agentIds', () => [ID], { nullable: true, description: 'Only what happens with these agents.' })
    _agentIds?: string[] | null,
  ): typeof OrganizationEvent {
    return presentStreamItem(item);
  }

  @Subscription(() => OrganizationEvent, {
    description: 'The same for every organization of the workspace and for unassigned agents. Staff only.',
    subscribe: ({ args, context }: SubscribeData<{ workspaceId: string } & After>) =>
      streamWorkspace(context, args.workspaceId, args.after ?? null),
  })
  workspaceEvents(
    @Root() item: StreamItem,
    @Arg('workspaceId', () => ID, { description: 'Id of the workspace.' }) _workspaceId: string,
    @Arg('after', () => CursorScalar, AFTER) _after?: string | null,
  ): typeof OrganizationEvent {
    return presentStreamItem(item);
  }

  @Subscription(() => HandoffEvent, {
    description: 'Handoffs alone: what makes a dashboard ring. Needs VIEW_CONVERSATIONS.',
    subscribe: ({ args, context }: SubscribeData<{ organizationId: string } & After>) =>
      streamHandoffs(context, args.organizationId, args.after ?? null),
  })
  handoffEvents(
    @Root() item: StreamItem,
    @Arg('organizationId', () => ID, { description: 'Id of the organization.' }) _organizationId: string,
    @Arg('after', () => CursorScalar, AFTER) _after?: string | null,
  ): typeof HandoffEvent {
    return presentStreamItem(item) as HandoffEvent;
  }
}
