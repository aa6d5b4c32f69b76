import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('CreateAttachmentInput', { description: 'A file that the caller is going to upload and send.' })
export class CreateAttachmentInput {
  @Field(() => ID, {
    description:
      'The conversation to send it in. Takes who writes there: its visitor, an operator, or its AI by API key.',
  })
  conversationId!: string;

  @Field(() => String, {
    description:
      'Its name without a folder, at most 200 characters. The ending tells the type: pictures (not SVG), PDF, text, CSV, ZIP, Office and OpenDocument files are taken.',
  })
  fileName!: string;

  @Field(() => Int, { description: 'Its size in bytes. Exactly so many have to be uploaded.' })
  byteSize!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Its type, as a browser says it. Refused where the name says otherwise. Left out: the name decides.',
  })
  contentType?: string | null;
}
