import { Field, ObjectType } from 'type-graphql';
import { Node } from './node';
import { Permission } from './permission';
import { DateTimeScalar, EmailAddressScalar } from './scalars';
import { User } from './user';

@ObjectType('Invitation', {
  implements: Node,
  description: 'An e-mail that invites somebody to become a member of an organization.',
})
export class Invitation implements Node {
  id!: string;

  @Field(() => EmailAddressScalar, { description: 'Address that the invitation went to.' })
  email!: string;

  @Field(() => [Permission], { description: 'Permissions that the new member will have on accepting.' })
  permissions!: Permission[];

  @Field(() => User, {
    nullable: true,
    description: 'Who sent the invitation. Null when an API key did, or when you do not see that person.',
  })
  invitedBy?: User | null;

  @Field(() => DateTimeScalar, { description: 'The link in the e-mail works until then. Invite again afterwards.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the invitation was accepted. Null while it was not.',
  })
  acceptedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the invitation was withdrawn, which makes its link useless. Null while it was not.',
  })
  revokedAt!: Date | null;

  invitationRef!: string;
  invitedByRef!: string | null;
}
