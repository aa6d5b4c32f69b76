import { Field, ObjectType } from 'type-graphql';
import { Invitation } from '../invitation';
import { Organization } from '../organization';
import { User } from '../user';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('OrganizationPayload', { description: 'An organization after the change.' })
export class OrganizationPayload {
  @Field(() => Organization, {
    nullable: true,
    description: 'The organization as it is now. Null when it was refused and there is none to show.',
  })
  organization?: Organization | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('UserPayload', { description: 'A person after the change.' })
export class UserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The person as they are now. Null when it was refused and there is nobody to show.',
  })
  user?: User | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('InvitationPayload', { description: 'An invitation after the change.' })
export class InvitationPayload {
  @Field(() => Invitation, {
    nullable: true,
    description: 'The invitation as it is now. Null when it was refused and there is none to show.',
  })
  invitation?: Invitation | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
