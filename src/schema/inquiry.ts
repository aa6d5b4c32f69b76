import { Field, ID, ObjectType } from 'type-graphql';
import { Attachment } from './attachment';
import { Conversation } from './conversation';
import { defineEnum } from './define-enum';
import { Delivery } from './delivery';
import { Handoff } from './handoff';
import { Node } from './node';
import { DateTimeScalar, EmailAddressScalar } from './scalars';
import { User } from './user';

export const InquiryState = defineEnum('InquiryState', 'Where an inquiry stands.', {
  OPEN: 'Nobody has answered yet.',
  ANSWERED: 'At least one answer was sent.',
  CLOSED: 'An operator put it aside; nothing more is to be done.',
});
export type InquiryState = keyof typeof InquiryState;

@ObjectType('InquiryAnswer', {
  description: 'One answer to an inquiry, sent by e-mail and written into the conversation.',
})
export class InquiryAnswer {
  @Field(() => ID, { description: 'Id of the answer.' })
  id!: string;

  @Field(() => User, {
    nullable: true,
    description: 'The operator who answered. Null when the account is gone, or the viewer is the visitor.',
  })
  author?: User | null;

  @Field(() => String, { description: 'The answer as plain text or Markdown source, never HTML.' })
  text!: string;

  @Field(() => DateTimeScalar, { description: 'When the answer was given.' })
  createdAt!: Date;

  @Field(() => Delivery, { description: 'What became of the e-mail to the visitor.' })
  delivery?: Delivery;

  inquiryAnswerRef!: string;
  authorRef!: string | null;
  deliveryRef!: string;
}

@ObjectType('Inquiry', {
  implements: Node,
  description: '"Submit a query": what a visitor leaves for later when nobody can answer now.',
})
export class Inquiry implements Node {
  id!: string;

  @Field(() => Conversation, { description: 'The conversation in which it was left.' })
  conversation?: Conversation;

  @Field(() => Handoff, {
    nullable: true,
    description: 'The handoff that nobody answered. Null when the inquiry was left without one.',
  })
  handoff?: Handoff | null;

  @Field(() => EmailAddressScalar, { description: 'Where the visitor wants the answer to be sent.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name that the visitor gave in the form. Null when none was given.',
  })
  name!: string | null;

  @Field(() => String, { description: 'The question as plain text, never HTML.' })
  text!: string;

  @Field(() => [Attachment], {
    description: 'The files that were left with the question; its message has the same ones.',
  })
  attachments!: Attachment[];

  @Field(() => InquiryState, { description: 'Where it stands.' })
  state!: InquiryState;

  @Field(() => [InquiryAnswer], { description: 'The answers so far, the oldest first.' })
  answers?: InquiryAnswer[];

  @Field(() => User, {
    nullable: true,
    description:
      'The operator who is to answer. Null when nobody in particular is, or the viewer is the visitor or a key of an agent.',
  })
  assignee?: User | null;

  @Field(() => DateTimeScalar, {
    description: 'When somebody last wrote: the question, an answer, or a reply to one.',
  })
  lastMessageAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the inquiry was left.' })
  createdAt!: Date;

  inquiryRef!: string;
  workspaceRef!: string;
  conversationRef!: string;
  handoffRef!: string | null;
  assigneeRef!: string | null;
}
