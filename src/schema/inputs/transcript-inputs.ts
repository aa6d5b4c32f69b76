import { Field, ID, InputType } from 'type-graphql';

@InputType('MailTranscriptInput', { description: 'Which conversation to mail to its visitor.' })
export class MailTranscriptInput {
  @Field(() => ID, { description: 'The conversation: your own as its visitor, or one that you may handle.' })
  conversationId!: string;

  @Field(() => String, {
    description: 'A random text that you make once for each transcript. Sent again, it sends no second e-mail.',
  })
  idempotencyKey!: string;
}
