import { Field, ObjectType } from 'type-graphql';
import { Delivery } from './delivery';
import { DateTimeScalar } from './scalars';
import { User } from './user';

@ObjectType('Transcript', {
  description:
    'What was said in a conversation up to a moment, mailed to its visitor. No notes of operators are in it.',
})
export class Transcript {
  @Field(() => String, { description: 'The address that it was mailed to.' })
  email!: string;

  @Field(() => User, {
    nullable: true,
    description: 'The operator who had it mailed. Null when the visitor did, and for visitors.',
  })
  author?: User | null;

  @Field(() => Delivery, {
    description:
      'Its mail, and whether it has left. Ask `retryDelivery` when it has failed. Visitors are not told what a mail server has said.',
  })
  delivery?: Delivery;

  @Field(() => DateTimeScalar, { description: 'When it was asked for. What was said later is not in it.' })
  createdAt!: Date;

  transcriptRef!: string;
  authorRef!: string | null;
}
