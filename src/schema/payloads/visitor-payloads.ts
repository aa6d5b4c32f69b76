import { Field, ID, ObjectType } from 'type-graphql';
import { JsonObjectScalar } from '../scalars';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('ExportVisitorPayload', { description: 'One page of everything that is stored about a visitor.' })
export class ExportVisitorPayload {
  @Field(() => [JsonObjectScalar], {
    description:
      'Stored rows, at most 200 a page. `kind` says what each is (visitor, conversation, message …), ids are those of the API. Empty when it was refused.',
  })
  records!: object[];

  @Field(() => String, {
    nullable: true,
    description: 'More follows: ask again with it as `after`. Null when this was the last page, or it was refused.',
  })
  endCursor?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('EraseVisitorPayload', { description: 'What was erased.' })
export class EraseVisitorPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the visitor that is gone. Nothing has this id any more. Null when it was refused.',
  })
  erasedVisitorId?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
