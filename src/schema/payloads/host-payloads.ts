import { Field, ObjectType } from 'type-graphql';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('SetHostsPayload', { description: 'The host names after the change.' })
export class SetHostsPayload {
  @Field(() => [String], {
    nullable: true,
    description:
      'The host names as they are stored: lower case, other alphabets in punycode. Null when it was refused.',
  })
  hosts?: string[] | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
