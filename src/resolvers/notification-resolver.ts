import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Conversation as ConversationRow } from '../entities/conversation';
import { presentDelivery, presentNotification } from '../presenters/present-notification';
import { presentConversation } from '../presenters/present-conversation';
import { presentPage } from '../presenters/present-page';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { countUnseenNotifications, listNotifications } from '../queries/lists';
import { NotificationConnection } from '../schema/connections';
import type { Conversation } from '../schema/conversation';
import type { Delivery } from '../schema/delivery';
import { Notification } from '../schema/notification';
import { PageArgs } from '../schema/page-args';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn, userOf } from './request-context';

const HIDDEN_TITLE = 'About a conversation that you may not see any more';

@Resolver(() => Notification)
export class NotificationResolver {
  @Query(() => NotificationConnection, {
    description: 'What is under the bell of the signed-in person, newest first, with the number of unseen ones.',
  })
  async notifications(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<NotificationConnection> {
    const user = userOf(context);
    if (user === null) throw forbiddenField('Only people have notifications.');
    const rows = await context.read((manager) => listNotifications(manager, user.userId, page));
    return Object.assign(new NotificationConnection(), presentPage(rows, presentNotification), {
      countUnseen: () => context.read((manager) => countUnseenNotifications(manager, user.userId)),
    });
  }

  @FieldResolver()
  async title(@Root() root: Notification, @Ctx() context: RequestContext): Promise<string> {
    return (await isAboutHidden(root, context)) ? HIDDEN_TITLE : root.title;
  }

  @FieldResolver()
  async body(@Root() root: Notification, @Ctx() context: RequestContext): Promise<string> {
    return (await isAboutHidden(root, context)) ? '' : root.body;
  }

  @FieldResolver()
  async conversation(@Root() root: Notification, @Ctx() context: RequestContext): Promise<Conversation | null> {
    const row = await visibleConversation(root, context);
    return row && presentConversation(row);
  }

  @FieldResolver()
  async deliveries(@Root() root: Notification, @Ctx() context: RequestContext): Promise<Delivery[]> {
    return (await context.loaders.deliveriesOfNotification.load(root.notificationRef)).map(presentDelivery);
  }
}

/** Null where there is none, and once the person may no longer see it: the entry stays, what it is about does not leak. */
async function visibleConversation(root: Notification, context: RequestContext): Promise<ConversationRow | null> {
  if (root.conversationRef === null) return null;
  const row = await context.loaders.conversations.load(root.conversationRef);
  return row !== null && mayOnConversation(signedIn(context), 'view', row) ? row : null;
}

async function isAboutHidden(root: Notification, context: RequestContext): Promise<boolean> {
  return root.conversationRef !== null && (await visibleConversation(root, context)) === null;
}
