import { Field, ID, InputType, Int } from 'type-graphql';
import { BusinessHoursInput } from '../business-hours';
import { EscalationInput } from '../escalation';
import { NotificationChannel, NotificationEvents } from '../notification-settings';

@InputType('UpdateOrganizationHandoffInput', {
  description:
    'How requests reach the people of an organization, where an agent or a person has not set it themselves. Fields that are left out keep their value.',
})
export class UpdateOrganizationHandoffInput {
  @Field(() => ID, { description: 'The organization to change. Takes MANAGE_ORGANIZATION in it.' })
  organizationId!: string;

  @Field(() => EscalationInput, {
    nullable: true,
    description:
      'Who is told of a request, one after the other. Null: everybody at once, as before there was a ladder.',
  })
  escalation?: EscalationInput | null;

  @Field(() => BusinessHoursInput, {
    nullable: true,
    description: 'When people answer. Null takes the hours away: a person can be asked for at any time.',
  })
  businessHours?: BusinessHoursInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds for which messages of a conversation are gathered after somebody was told of one: 1 to 3600. Null: the default again, 60.',
  })
  alertIntervalSeconds?: number | null;

  @Field(() => [NotificationChannel], {
    nullable: true,
    description:
      'What members are notified through who have not chosen. An empty list means the bell alone; null the default again, EMAIL.',
  })
  memberChannels?: NotificationChannel[] | null;

  @Field(() => NotificationEvents, {
    nullable: true,
    description: 'Of what members are notified who have not chosen. Null: the default again, REQUESTS_ONLY.',
  })
  memberEvents?: NotificationEvents | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have read. If it is not the present one, the answer is STALE_VERSION. Without it the last writer wins.',
  })
  expectedVersion?: number | null;
}
