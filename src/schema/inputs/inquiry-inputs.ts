import { Field, ID, InputType } from 'type-graphql';

@InputType('SubmitInquiryInput', { description: 'What a visitor leaves when nobody can answer.' })
export class SubmitInquiryInput {
  @Field(() => ID, { description: 'The conversation of the visitor.' })
  conversationId!: string;

  @Field(() => String, { description: 'E-mail address to send the answer to.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'Name of the visitor.' })
  name?: string | null;

  @Field(() => String, { description: 'The question as plain text, not blank.' })
  text!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Files that were uploaded for this conversation by the same author (createAttachment), at most 5. Each goes with one inquiry or message.',
  })
  attachmentIds?: string[] | null;

  @Field(() => String, {
    description:
      'A random text that you make once for each inquiry. Sent again, it returns the first inquiry and makes no second one.',
  })
  idempotencyKey!: string;
}

@InputType('AnswerInquiryInput', { description: 'An answer to an inquiry.' })
export class AnswerInquiryInput {
  @Field(() => ID, { description: 'The inquiry. Takes HANDLE_CONVERSATIONS for its agent.' })
  inquiryId!: string;

  @Field(() => String, {
    description: 'The answer, not blank. It is sent by e-mail and written into the conversation.',
  })
  text!: string;

  @Field(() => String, {
    description: 'A random text that you make once for each answer. Sent again, it sends no second e-mail.',
  })
  idempotencyKey!: string;
}

@InputType('AssignInquiryInput', { description: 'Who is to answer an inquiry.' })
export class AssignInquiryInput {
  @Field(() => ID, { description: 'The inquiry. Takes HANDLE_CONVERSATIONS for its agent.' })
  inquiryId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The operator: anybody who may answer inquiries of this agent. Null: nobody in particular.',
  })
  userId!: string | null;
}

@InputType('CloseInquiryInput', { description: 'Which inquiry to put aside.' })
export class CloseInquiryInput {
  @Field(() => ID, { description: 'The inquiry. Takes HANDLE_CONVERSATIONS for its agent.' })
  inquiryId!: string;
}
