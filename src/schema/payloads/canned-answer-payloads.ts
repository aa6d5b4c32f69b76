import { Field, ID, ObjectType } from 'type-graphql';
import { CannedAnswer } from '../canned-answer';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('CannedAnswerPayload', { description: 'A canned answer after the change.' })
export class CannedAnswerPayload {
  @Field(() => CannedAnswer, {
    nullable: true,
    description: 'The canned answer as it is now. Null when it was refused and there is none to show.',
  })
  cannedAnswer?: CannedAnswer | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('DeleteCannedAnswerPayload', { description: 'The canned answer that is gone.' })
export class DeleteCannedAnswerPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the canned answer that is gone. Nothing has this id any more. Null when it was refused.',
  })
  deletedCannedAnswerId?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
