import { Field, ObjectType } from 'type-graphql';
import { Transcript } from '../transcript';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('MailTranscriptPayload', { description: 'The transcript that is mailed.' })
export class MailTranscriptPayload {
  @Field(() => Transcript, {
    nullable: true,
    description:
      'The transcript, its mail at first PENDING; the first one if it was asked for twice. Null when it was refused.',
  })
  transcript?: Transcript | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
