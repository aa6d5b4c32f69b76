import { Field, ID, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { NotificationChannel } from './notification-settings';
import { DateTimeScalar } from './scalars';

export const DeliveryState = defineEnum('DeliveryState', 'Where a delivery stands.', {
  PENDING: 'Waiting to be sent or to be tried again, or held: `detail` is then QUIET_HOURS.',
  SENT: 'Taken over by the mail server or push service.',
  SKIPPED:
    'Not sent on purpose; `detail` says why: SEEN, CLAIMED, ENDED, ACCESS_LOST, CHANNEL_OFF, WATCHING, NO_PUSH_SUBSCRIPTION, or IN_DIGEST and the end of the quiet hours whose digest has it.',
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

  @Field(() => Int, { description: 'How many times sending was tried. Waiting for the end of quiet hours is no try.' })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was skipped, has failed or waits. Null when there is nothing to say.',
  })
  detail!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was taken over. Null unless `state` is SENT.' })
  sentAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it is tried next: at once where this has passed, at the end of the quiet hours that hold it, or after a failure. Null unless `state` is PENDING.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether `retryDelivery` can send it again: it has failed.' })
  canRetry!: boolean;

  deliveryRef!: string;
}
