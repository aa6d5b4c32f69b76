import { Field, ID, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { UrlScalar } from './scalars';

export const AttachmentState = defineEnum('AttachmentState', 'How far a file has come.', {
  PENDING: 'It was announced; its bytes have not come, or not all of them.',
  UPLOADED:
    'All of it is there: send its id with a message or an inquiry. Who does not within a day has to begin again.',
  ATTACHED: 'It belongs to a message, for good.',
});
export type AttachmentState = keyof typeof AttachmentState;

@ObjectType('Attachment', { description: 'A file of a message or an inquiry.' })
export class Attachment {
  @Field(() => ID, { description: 'Id of the file, for `attachmentIds`.' })
  id!: string;

  @Field(() => String, { description: 'Its name, with the ending that tells its type. Escape it when you draw it.' })
  fileName!: string;

  @Field(() => String, {
    description:
      'Its type, for example image/png. From UPLOADED on the server has looked at the bytes; before, it is what the name promises.',
  })
  contentType!: string;

  @Field(() => Int, { description: 'Its size in bytes.' })
  byteSize!: number;

  @Field(() => AttachmentState, { description: 'How far it has come. On a message it is always ATTACHED.' })
  state!: AttachmentState;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'Where to download it, with GET and without a credential, for the next 15 minutes or a little more. Whoever has the address can: do not pass it on. After that read the field again. The file is given to be saved, never to be shown. Null while PENDING.',
  })
  url?: string | null;

  attachmentRef!: string;
  workspaceRef!: string;
}
