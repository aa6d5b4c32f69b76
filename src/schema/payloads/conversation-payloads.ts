import { Field, ObjectType } from 'type-graphql';
import { Conversation } from '../conversation';
import { Handoff } from '../handoff';
import { Inquiry } from '../inquiry';
import { Message } from '../message';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('ConversationPayload', { description: 'A conversation after the change.' })
export class ConversationPayload {
  @Field(() => Conversation, {
    nullable: true,
    description: 'The conversation as it is now. Null when it was refused and there is none to show.',
  })
  conversation?: Conversation | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('SendMessagePayload', { description: 'What sending a message gives.' })
export class SendMessagePayload {
  @Field(() => Message, {
    nullable: true,
    description: 'The message as it was stored, at the first time if it was sent twice. Null when it was refused.',
  })
  message?: Message | null;

  @Field(() => Boolean, {
    description: 'True when a message with this `clientNonce` was there already, and so nothing new was written.',
  })
  wasDuplicate!: boolean;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('SetTypingPayload', { description: 'What setting the typing mark gives: nothing but refusals.' })
export class SetTypingPayload {
  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('HandoffPayload', { description: 'A handoff and its conversation after the change.' })
export class HandoffPayload {
  @Field(() => Handoff, {
    nullable: true,
    description:
      'The handoff as it is now; with ALREADY_CLAIMED the one that another operator won. Null when there is none to show.',
  })
  handoff?: Handoff | null;

  @Field(() => Conversation, {
    nullable: true,
    description: 'The conversation as it is now. Null when there is none to show.',
  })
  conversation?: Conversation | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('InquiryPayload', { description: 'An inquiry after the change.' })
export class InquiryPayload {
  @Field(() => Inquiry, {
    nullable: true,
    description: 'The inquiry as it is now. Null when it was refused and there is none to show.',
  })
  inquiry?: Inquiry | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
