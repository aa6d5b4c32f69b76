import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { retryDelivery } from '../commands/delivery/retry-delivery';
import { markNotificationsSeen } from '../commands/notification/mark-notifications-seen';
import { registerPushSubscription } from '../commands/notification/register-push-subscription';
import { removePushSubscription } from '../commands/notification/remove-push-subscription';
import { sendTestNotification } from '../commands/notification/send-test-notification';
import { updateNotificationSettings } from '../commands/notification/update-notification-settings';
import type { PushSubscription as PushSubscriptionRow } from '../entities/push-subscription';
import { presentDelivery } from '../presenters/present-notification';
import { presentPushSubscription } from '../presenters/present-push-subscription';
import {
  MarkNotificationsSeenInput,
  RegisterPushSubscriptionInput,
  RemovePushSubscriptionInput,
  RetryDeliveryInput,
  SendTestNotificationInput,
  UpdateNotificationSettingsInput,
} from '../schema/inputs/notification-inputs';
import {
  MarkNotificationsSeenPayload,
  PushSubscriptionPayload,
  RetryDeliveryPayload,
  SendTestNotificationPayload,
  UpdateNotificationSettingsPayload,
} from '../schema/payloads/notification-payloads';
import { notificationSettingsOf } from './notification-settings-of';
import { answer, inputId, inputIds, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class NotificationMutations {
  @Mutation(() => UpdateNotificationSettingsPayload, {
    nullable: true,
    description: 'Chooses how and of what the signed-in person is notified. What is left out stays.',
  })
  async updateNotificationSettings(
    @Arg('input', () => UpdateNotificationSettingsInput, INPUT) input: UpdateNotificationSettingsInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateNotificationSettingsPayload> {
    const principal = signedIn(context);
    const organizationId = principal.kind === 'USER' ? principal.organizationId : null;
    return answer(
      () => updateNotificationSettings(context.app.database, principal, input),
      async (value) => ({ settings: value && (await notificationSettingsOf(context, value, organizationId)) }),
    );
  }

  @Mutation(() => PushSubscriptionPayload, {
    nullable: true,
    description:
      'Registers a browser for push, from its PushSubscription.toJSON(). The same endpoint again updates it.',
  })
  async registerPushSubscription(
    @Arg('input', () => RegisterPushSubscriptionInput, INPUT) input: RegisterPushSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<PushSubscriptionPayload> {
    return answer(
      () => registerPushSubscription(context.app.database, signedIn(context), input, context.app),
      subscriptionPayload,
    );
  }

  @Mutation(() => PushSubscriptionPayload, {
    nullable: true,
    description: 'Removes one of your browsers: it gets no more push.',
  })
  async removePushSubscription(
    @Arg('input', () => RemovePushSubscriptionInput, INPUT) input: RemovePushSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<PushSubscriptionPayload> {
    return answer(async () => {
      const id = inputId('pushSubscription', input.id, 'id');
      return removePushSubscription(context.app.database, signedIn(context), { id });
    }, subscriptionPayload);
  }

  @Mutation(() => MarkNotificationsSeenPayload, {
    nullable: true,
    description:
      'Marks notifications as seen: those of `ids`, those about `conversationId`, or with neither all of them.',
  })
  async markNotificationsSeen(
    @Arg('input', () => MarkNotificationsSeenInput, INPUT) input: MarkNotificationsSeenInput,
    @Ctx() context: RequestContext,
  ): Promise<MarkNotificationsSeenPayload> {
    return answer(
      async () => {
        const chosen = {
          ids: inputIds('notification', input.ids, 'ids'),
          conversationId: optionalInputId('conversation', input.conversationId, 'conversationId'),
        };
        return markNotificationsSeen(context.app.database, signedIn(context), chosen);
      },
      (value) => ({ unseenCount: value?.unseenCount ?? 0 }),
    );
  }

  @Mutation(() => SendTestNotificationPayload, {
    nullable: true,
    description:
      'Sends a test to the signed-in person by that channel, now, whatever the settings and quiet hours say. Limited to a few in an hour.',
  })
  async sendTestNotification(
    @Arg('input', () => SendTestNotificationInput, INPUT) input: SendTestNotificationInput,
    @Ctx() context: RequestContext,
  ): Promise<SendTestNotificationPayload> {
    return answer(
      () => sendTestNotification(context.app.database, signedIn(context), input, context.app),
      (value) => ({ delivery: value && presentDelivery(value) }),
    );
  }

  @Mutation(() => RetryDeliveryPayload, {
    nullable: true,
    description:
      'Sends again what has failed: of your own notifications, or the mail of an answer to an inquiry or of a transcript, which needs HANDLE_CONVERSATIONS.',
  })
  async retryDelivery(
    @Arg('input', () => RetryDeliveryInput, INPUT) input: RetryDeliveryInput,
    @Ctx() context: RequestContext,
  ): Promise<RetryDeliveryPayload> {
    return answer(
      async () => {
        const deliveryId = inputId('delivery', input.deliveryId, 'deliveryId');
        return retryDelivery(context.app.database, signedIn(context), { deliveryId });
      },
      (value) => ({ delivery: value && presentDelivery(value) }),
    );
  }
}

function subscriptionPayload(row: PushSubscriptionRow | null): Pick<PushSubscriptionPayload, 'pushSubscription'> {
  return { pushSubscription: row && presentPushSubscription(row) };
}
