import { Field, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { TimeZoneScalar } from './scalars';
import { SettingSource } from './setting-source';

export const NotificationChannel = defineEnum(
  'NotificationChannel',
  'A way by which notifications leave the dashboard.',
  {
    EMAIL: 'To the e-mail address of the person.',
    PUSH: 'To each browser that the person has registered with `registerPushSubscription`.',
  },
);
export type NotificationChannel = keyof typeof NotificationChannel;

export const NotificationEvents = defineEnum('NotificationEvents', 'Which events a person wants to be notified of.', {
  ALL_MESSAGES: 'Every message of a visitor, and everything that REQUESTS_ONLY covers.',
  REQUESTS_ONLY: 'A visitor or the AI asks for an operator, nobody answered, or an inquiry came in.',
});
export type NotificationEvents = keyof typeof NotificationEvents;

@ObjectType('QuietHours', {
  description:
    'The part of each day in which nothing is sent by e-mail or push. The bell still fills, and one digest comes at the end.',
})
export class QuietHours {
  @Field(() => String, { description: 'Begin, as local time HH:MM on a 24-hour clock.' })
  start!: string;

  @Field(() => String, {
    description:
      'End, as local time HH:MM, no longer quiet itself. When it is earlier than `start`, the quiet hours span midnight.',
  })
  end!: string;

  @Field(() => TimeZoneScalar, { description: 'Time zone in which `start` and `end` are meant.' })
  timeZone!: string;
}

@ObjectType('NotificationSettings', {
  description:
    'What a person is notified of, and how: their own choice, else what their organization says, else the default of the server. Each value is looked for by itself.',
})
export class NotificationSettings {
  @Field(() => [NotificationChannel], {
    description: '"Notify through". Empty means: neither e-mail nor push; notifications still appear under the bell.',
  })
  channels!: NotificationChannel[];

  @Field(() => SettingSource, { description: 'Where `channels` came from: MEMBER, ORGANIZATION or DEFAULT.' })
  channelsFrom!: SettingSource;

  @Field(() => NotificationEvents, { description: '"Events to notify".' })
  events!: NotificationEvents;

  @Field(() => SettingSource, { description: 'Where `events` came from: MEMBER, ORGANIZATION or DEFAULT.' })
  eventsFrom!: SettingSource;

  @Field(() => Int, {
    description:
      'Seconds for which messages of a conversation are gathered after this person was told of one. Where `alertIntervalFrom` is not MEMBER, an agent with a value of its own wins over this in its conversations.',
  })
  alertIntervalSeconds!: number;

  @Field(() => SettingSource, {
    description: 'Where `alertIntervalSeconds` came from: MEMBER, ORGANIZATION or DEFAULT.',
  })
  alertIntervalFrom!: SettingSource;

  @Field(() => QuietHours, { nullable: true, description: 'When nothing is sent. Null when no quiet hours are set.' })
  quietHours!: QuietHours | null;

  @Field(() => Boolean, {
    description:
      'Whether a visitor who asks for a person is told of in quiet hours too. Everything else waits for one digest at their end.',
  })
  letRequestsThrough!: boolean;
}
