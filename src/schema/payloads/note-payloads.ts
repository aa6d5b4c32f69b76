import { Field, ID, ObjectType } from 'type-graphql';
import { Note } from '../note';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('NotePayload', { description: 'The note that was written.' })
export class NotePayload {
  @Field(() => Note, {
    nullable: true,
    description: 'The note as it was stored, at the first time if it was sent twice. Null when it was refused.',
  })
  note?: Note | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('DeleteNotePayload', { description: 'The note that is gone.' })
export class DeleteNotePayload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the note that is gone. Nothing has this id any more. Null when it was refused.',
  })
  deletedNoteId?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
