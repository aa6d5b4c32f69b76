import { Field, Int, ObjectType } from 'type-graphql';
import { Delivery } from '../delivery';
import { NotificationSettings } from '../notification-settings';
import { PushSubscription } from '../push-subscription';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('UpdateNotificationSettingsPayload', { description: 'The settings after the change.' })
export class UpdateNotificationSettingsPayload {
  @Field(() => NotificationSettings, {
    nullable: true,
    description: 'The settings as they are now. Null when the change was refused.',
  })
  settings?: NotificationSettings | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('PushSubscriptionPayload', { description: 'A registered browser after the change.' })
export class PushSubscriptionPayload {
  @Field(() => PushSubscription, {
    nullable: true,
    description: 'The browser that was registered or removed. Null when it was refused.',
  })
  pushSubscription?: PushSubscription | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('MarkNotificationsSeenPayload', { description: 'How much is new after the change.' })
export class MarkNotificationsSeenPayload {
  @Field(() => Int, { description: 'How many notifications of the person are still not seen.' })
  unseenCount!: number;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('SendTestNotificationPayload', { description: 'What became of a test notification.' })
export class SendTestNotificationPayload {
  @Field(() => Delivery, {
    nullable: true,
    description:
      'The delivery of the test, at first PENDING; by PUSH the one to the newest browser. Null when it was refused.',
  })
  delivery?: Delivery | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('RetryDeliveryPayload', { description: 'A delivery that is sent again.' })
export class RetryDeliveryPayload {
  @Field(() => Delivery, {
    nullable: true,
    description:
      'The delivery as it is now, PENDING. Beside INVALID_TRANSITION it is there too, with what became of it. Null when it was refused otherwise.',
  })
  delivery?: Delivery | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
