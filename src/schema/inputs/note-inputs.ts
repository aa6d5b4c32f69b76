import { Field, ID, InputType } from 'type-graphql';

@InputType('AddNoteInput', { description: 'A note for the other operators.' })
export class AddNoteInput {
  @Field(() => ID, { description: 'The conversation. Takes HANDLE_CONVERSATIONS for its agent.' })
  conversationId!: string;

  @Field(() => String, {
    description:
      'A random text that you make once for each note, for example a UUID. Sent again, it returns the first note and makes no second one.',
  })
  clientNonce!: string;

  @Field(() => String, { description: 'Plain text or Markdown source, at most 2000 code points, not blank.' })
  text!: string;
}

@InputType('DeleteNoteInput', { description: 'Which note to delete.' })
export class DeleteNoteInput {
  @Field(() => ID, { description: 'The note. Your own, or any with MANAGE_ORGANIZATION.' })
  noteId!: string;
}
