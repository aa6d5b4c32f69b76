import { Field, ID, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { NotificationChannel } from './notification-settings';
import { DateTimeScalar } from './scalars';

export const DeliveryState = defineEnum('DeliveryState', 'Where a delivery stands.', {
  PENDING: 'Waiting to be sent, or to be tried again.',
  SENT: 'Taken over by the mail server or push service.',
  SKIPPED: 'Not sent on purpose; `detail` says why, for example because the notification was seen first.',
  FAILED: 'Given up after an error that will not pass or too many attempts; `detail` says which.',
});
export type DeliveryState = keyof typeof DeliveryState;

@ObjectType('Delivery', { description: 'One message that leaves the server by e-mail or push, and what became of it.' })
export class Delivery {
  @Field(() => ID, { description: 'Id of the delivery, to name it to support.' })
  id!: string;

  @Field(() => NotificationChannel, { description: 'The way that it takes.' })
  channel!: NotificationChannel;

  @Field(() => DeliveryState, { description: 'Where it stands.' })
  state!: DeliveryState;

  @Field(() => Int, { description: 'How many times sending was tried.' })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was skipped or has failed. Null when there is nothing to say.',
  })
  detail!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was taken over. Null unless `state` is SENT.' })
  sentAt!: Date | null;

  deliveryRef!: string;
}
