import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import { presentNotification } from '../presenters/present-notification';
import { presentSnapshot } from '../presenters/present-snapshot';
import { presentTurn } from '../presenters/present-turn';
import type { HandoffTotals } from '../queries/handoff-counts';
import type { LiveItem } from '../realtime/live-stream';
import type { Signal } from '../realtime/signals';
import { AgentTurn } from '../schema/agent-turn';
import { HandoffCounts, HandoffCountsChanged, OrganizationSignal } from '../schema/handoff-counts';
import { Notification } from '../schema/notification';
import { ConversationSignal } from '../schema/signals';
import { streamNotifications, streamSignals, streamTotals, streamTurns } from './live-streams';
import { presentSignal } from './present-signal';
import type { RequestContext } from './request-context';
import { required } from './required';
import type { SubscribeData } from './subscribe-data';

/** Streams without a cursor: signals, the bell, and the turns of an AI runtime. */
@Resolver()
export class LiveSubscriptions {
  @Subscription(() => ConversationSignal, {
    description: 'Who is typing, who comes and goes, and what the AI is just writing. May be lost, never repeated.',
    subscribe: ({ args, context }: SubscribeData<{ conversationId: string }>) =>
      streamSignals(context, args.conversationId),
  })
  async conversationSignals(
    @Root() signal: Signal,
    @Arg('conversationId', () => ID, { description: 'Id of the conversation.' }) _conversationId: string,
    @Ctx() context: RequestContext,
  ): Promise<typeof ConversationSignal> {
    return presentSignal(context, signal);
  }

  @Subscription(() => OrganizationSignal, {
    description:
      'How busy the team is: counts, at once and then at most once a second. May be lost; `Organization.handoffCounts` tells the truth. Needs VIEW_CONVERSATIONS.',
    subscribe: ({ args, context }: SubscribeData<{ organizationId: string }>) =>
      streamTotals(context, args.organizationId),
  })
  organizationSignals(
    @Root() totals: HandoffTotals,
    @Arg('organizationId', () => ID, { description: 'Id of the organization.' }) _organizationId: string,
  ): typeof OrganizationSignal {
    return Object.assign(new HandoffCountsChanged(), { counts: Object.assign(new HandoffCounts(), totals) });
  }

  @Subscription(() => Notification, {
    description: 'Each new entry under the bell of the signed-in person. Load `notifications` after a reconnect.',
    subscribe: ({ context }: SubscribeData<object>) => streamNotifications(context, 'NOTIFICATION_ADDED'),
  })
  notificationAdded(@Root() item: LiveItem): Notification {
    return presentSnapshot(required(item.snapshot, 'notification'), presentNotification);
  }

  @Subscription(() => Notification, {
    description:
      'Entries under the bell of the signed-in person that say something else than before: seen on another screen, more ' +
      'messages counted, or taken by a colleague. Load `notifications` after a reconnect.',
    subscribe: ({ context }: SubscribeData<object>) => streamNotifications(context, 'NOTIFICATION_CHANGED'),
  })
  notificationChanged(@Root() item: LiveItem): Notification {
    return presentSnapshot(required(item.snapshot, 'notification'), presentNotification);
  }

  @Subscription(() => AgentTurn, {
    description:
      'For the AI runtime, with an API key of the agent: one item for each turn that the AI has to answer, those that are open already first. Answer with `postAgentReply`.',
    subscribe: ({ args, context }: SubscribeData<{ agentId: string }>) => streamTurns(context, args.agentId),
  })
  agentTurns(
    @Root() item: LiveItem,
    @Arg('agentId', () => ID, { description: 'Id of the agent.' }) _agentId: string,
  ): AgentTurn {
    return presentSnapshot(required(item.snapshot, 'turn'), presentTurn);
  }
}
