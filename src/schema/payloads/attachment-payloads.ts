import { Field, ObjectType } from 'type-graphql';
import { Attachment } from '../attachment';
import { DateTimeScalar, UrlScalar } from '../scalars';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('CreateAttachmentPayload', { description: 'A file that is expected, and where to send it.' })
export class CreateAttachmentPayload {
  @Field(() => Attachment, { nullable: true, description: 'The file, PENDING. Null when it was refused.' })
  attachment?: Attachment | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'PUT the bytes here, as they are, without a credential: the address is one, for this file alone. A broken upload is simply begun again. Null when it was refused.',
  })
  uploadUrl?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the upload has to begin. Null when it was refused.',
  })
  uploadExpiresAt?: Date | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
