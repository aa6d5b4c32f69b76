import { Field, Int, ObjectType } from 'type-graphql';
import { Conversation } from './conversation';
import { defineEnum } from './define-enum';
import { Delivery } from './delivery';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

export const NotificationKind = defineEnum('NotificationKind', 'What a notification tells of.', {
  HANDOFF_REQUESTED: 'A visitor or the AI asks for an operator, or an operator hands a conversation to the team.',
  HANDOFF_TRANSFERRED: 'An operator handed a conversation to you: you have it.',
  HANDOFF_UNANSWERED: 'A request ran out of time without an operator.',
  INQUIRY_SUBMITTED: 'A visitor left an inquiry.',
  MESSAGE_RECEIVED:
    'A visitor wrote one message or, within the interval of the organization, several: `count` says how many.',
  PUSH_SUBSCRIPTION_LOST:
    'A browser gets no push any more, for its push service does not know it. Offer to register it again.',
  DIGEST: 'What quiet hours have held back has left in one digest. Never counts as unseen.',
  TEST: 'A test that the person has asked for. Never counts as unseen.',
});
export type NotificationKind = keyof typeof NotificationKind;

@ObjectType('Notification', {
  implements: Node,
  description: 'One entry under the bell. Each person sees their own only.',
})
export class Notification implements Node {
  id!: string;

  @Field(() => NotificationKind, { description: 'What it tells of.' })
  kind!: NotificationKind;

  @Field(() => String, {
    description: 'Headline as plain text. Once the person may not see the conversation any more, it says so instead.',
  })
  title!: string;

  @Field(() => String, {
    description:
      'A sentence or two as plain text, such as the beginning of the message. Empty once the person may not see the conversation any more.',
  })
  body!: string;

  @Field(() => Int, { description: 'How many messages it tells of. 1 for everything that is no message.' })
  count!: number;

  @Field(() => Conversation, {
    nullable: true,
    description: 'The conversation to open on a click. Null when there is none, or the person may not see it any more.',
  })
  conversation?: Conversation | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was marked as seen. Null while it is new.' })
  seenAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => [Delivery], { description: 'What left by e-mail and push, and what did not and why.' })
  deliveries?: Delivery[];

  notificationRef!: string;
  workspaceRef!: string;
  conversationRef!: string | null;
}
