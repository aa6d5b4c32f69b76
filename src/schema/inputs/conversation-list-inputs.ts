import { Field, ID, InputType } from 'type-graphql';
import { Controller, ConversationStatus } from '../conversation';
import { defineEnum } from '../define-enum';
import { HandoffState } from '../handoff';

@InputType('ConversationFilter', {
  description: 'Which conversations to list. A conversation has to match every field that is given.',
})
export class ConversationFilter {
  @Field(() => [ConversationStatus], { nullable: true, description: 'Only conversations with one of these statuses.' })
  statuses?: ConversationStatus[] | null;

  @Field(() => [Controller], { nullable: true, description: 'Only conversations that one of these controls.' })
  controllers?: Controller[] | null;

  @Field(() => [HandoffState], {
    nullable: true,
    description: 'Only conversations whose newest handoff is in one of these states.',
  })
  handoffStates?: HandoffState[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only conversations with one of these agents.' })
  agentIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only conversations in which one of these operators is in control.',
  })
  operatorIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only conversations without an operator. False: only those with one.',
  })
  unassigned?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Only conversations that contain this text, in a message or in the visitor's name or address, whatever its case. 3 to 100 characters, with three letters or digits in a row.",
  })
  search?: string | null;
}

export const ConversationOrderField = defineEnum('ConversationOrderField', 'What to sort conversations by.', {
  URGENCY:
    'Requests that wait come first, the longest wait on top; then what is unread; then the rest by newest message.',
  LAST_MESSAGE_AT: 'By the time of the newest message.',
  CREATED_AT: 'By the time at which the conversation began.',
});
export type ConversationOrderField = keyof typeof ConversationOrderField;

export const OrderDirection = defineEnum('OrderDirection', 'Which end of the order comes first.', {
  ASC: 'The least first: oldest, or least urgent.',
  DESC: 'The greatest first: newest, or most urgent.',
});
export type OrderDirection = keyof typeof OrderDirection;

@InputType('ConversationOrder', { description: 'How to sort conversations.' })
export class ConversationOrder {
  @Field(() => ConversationOrderField, { description: 'What to sort by.' })
  field!: ConversationOrderField;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Which end comes first. DESC unless given: newest, or most urgent.',
  })
  direction!: OrderDirection;
}
