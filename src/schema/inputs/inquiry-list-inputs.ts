import { Field, ID, InputType } from 'type-graphql';
import { defineEnum } from '../define-enum';
import { InquiryState } from '../inquiry';
import { OrderDirection } from './conversation-list-inputs';

@InputType('InquiryFilter', {
  description: 'Which inquiries to list. An inquiry has to match every field that is given.',
})
export class InquiryFilter {
  @Field(() => [InquiryState], { nullable: true, description: 'Only inquiries in one of these states.' })
  states?: InquiryState[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only inquiries that were left with one of these agents.' })
  agentIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only inquiries that one of these operators is to answer.' })
  assigneeIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only inquiries that nobody in particular is to answer. False: only those that somebody is.',
  })
  unassigned?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only inquiries whose e-mail address begins with this text, whatever its case.',
  })
  search?: string | null;
}

export const InquiryOrderField = defineEnum('InquiryOrderField', 'What to sort inquiries by.', {
  LAST_MESSAGE_AT: 'By the time at which somebody last wrote: the question, an answer, or a reply to one.',
  CREATED_AT: 'By the time at which the inquiry was left.',
});
export type InquiryOrderField = keyof typeof InquiryOrderField;

@InputType('InquiryOrder', { description: 'How to sort inquiries.' })
export class InquiryOrder {
  @Field(() => InquiryOrderField, { description: 'What to sort by.' })
  field!: InquiryOrderField;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Which end comes first. DESC unless given: the newest.',
  })
  direction!: OrderDirection;
}
