import { Field, ObjectType } from 'type-graphql';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

@ObjectType('PushSubscription', {
  implements: Node,
  description: 'A browser to which the server may push notifications of one person.',
})
export class PushSubscription implements Node {
  id!: string;

  @Field(() => String, {
    description: 'Host name of the push service. The full address is a secret of the browser and is not returned.',
  })
  endpointHost!: string;

  @Field(() => String, {
    nullable: true,
    description: 'How the browser named itself on registering. Null when it did not.',
  })
  userAgent!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the browser was registered.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the push service last took a notification. Null when it never did.',
  })
  lastSuccessAt!: Date | null;

  pushSubscriptionRef!: string;
}
