import { Field, ID, InputType, Int } from 'type-graphql';
import { NotificationChannel, NotificationEvents } from '../notification-settings';
import { TimeZoneScalar } from '../scalars';

@InputType('QuietHoursInput', { description: 'The part of each day in which nothing shall be sent by e-mail or push.' })
export class QuietHoursInput {
  @Field(() => String, { description: 'Begin, as local time HH:MM on a 24-hour clock.' })
  start!: string;

  @Field(() => String, { description: 'End, as local time HH:MM. May be earlier than `start`, to span midnight.' })
  end!: string;

  @Field(() => TimeZoneScalar, { description: 'Time zone in which `start` and `end` are meant.' })
  timeZone!: string;
}

@InputType('UpdateNotificationSettingsInput', {
  description:
    'What to change in the notifications of the signed-in person. Fields that are left out keep their value.',
})
export class UpdateNotificationSettingsInput {
  @Field(() => [NotificationChannel], {
    nullable: true,
    description: 'All channels to notify through. An empty list means the bell alone.',
  })
  channels?: NotificationChannel[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True takes the own choice of channels back: the organization's counts, else the default. Do not send it together with `channels`.",
  })
  clearChannels?: boolean | null;

  @Field(() => NotificationEvents, { nullable: true, description: 'Which events to notify of.' })
  events?: NotificationEvents | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True takes the own choice of events back: the organization's counts, else the default. Do not send it together with `events`.",
  })
  clearEvents?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Seconds for which messages of a conversation are gathered after you were told of one: 1 to 3600. Wins over the agent's and the organization's.",
  })
  alertIntervalSeconds?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True takes the own interval back: the agent's counts, else the organization's, else the default. Do not send it together with `alertIntervalSeconds`.",
  })
  clearAlertInterval?: boolean | null;

  @Field(() => QuietHoursInput, {
    nullable: true,
    description: 'New quiet hours. To remove them use `clearQuietHours`.',
  })
  quietHours?: QuietHoursInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True removes the quiet hours. Do not send it together with `quietHours`.',
  })
  clearQuietHours?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a visitor who asks for a person is told of in quiet hours too. True unless it was changed.',
  })
  letRequestsThrough?: boolean | null;
}

@InputType('RegisterPushSubscriptionInput', {
  description:
    "A browser to push to, with the values of its PushSubscription's toJSON(). Registering it again changes nothing.",
})
export class RegisterPushSubscriptionInput {
  @Field(() => String, { description: '`endpoint`: the https address of the push service.' })
  endpoint!: string;

  @Field(() => String, { description: "`keys.p256dh`: the browser's public key, in base64url." })
  p256dh!: string;

  @Field(() => String, { description: "`keys.auth`: the browser's authentication secret, in base64url." })
  auth!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the browser, so that the person can recognise it in the list.',
  })
  userAgent?: string | null;
}

@InputType('RemovePushSubscriptionInput', { description: 'Which browser to stop pushing to.' })
export class RemovePushSubscriptionInput {
  @Field(() => ID, { description: 'One of your own `pushSubscriptions`.' })
  id!: string;
}

@InputType('MarkNotificationsSeenInput', {
  description: 'Which notifications of the signed-in person to mark as seen. With neither field given: all of them.',
})
export class MarkNotificationsSeenInput {
  @Field(() => [ID], { nullable: true, description: 'These notifications. Those of other people are left alone.' })
  ids?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Every notification about this conversation.' })
  conversationId?: string | null;
}

@InputType('RetryDeliveryInput', { description: 'What to send again.' })
export class RetryDeliveryInput {
  @Field(() => ID, {
    description: 'A delivery with `canRetry`: of one of your own notifications, or of an answer to an inquiry.',
  })
  deliveryId!: string;
}

@InputType('SendTestNotificationInput', { description: 'How to try out notifications.' })
export class SendTestNotificationInput {
  @Field(() => NotificationChannel, { description: 'The channel to send a test to yourself by.' })
  channel!: NotificationChannel;
}
