import { Field, ID, InputType } from 'type-graphql';
import { Permission, WorkspaceRole } from '../permission';
import { LocaleScalar, UrlScalar } from '../scalars';

@InputType('CreateUserInput', {
  description:
    'The account to create. Give exactly one of `organizationId` (a member, with `permissions`) and `workspaceRole` (staff).',
})
export class CreateUserInput {
  @Field(() => ID, { description: 'The workspace in which the person will sign in.' })
  workspaceId!: string;

  @Field(() => String, { description: 'Name of the person, as visitors and colleagues see it.' })
  displayName!: string;

  @Field(() => String, { description: 'E-mail address to sign in with. Must not be in use in the workspace.' })
  email!: string;

  @Field(() => String, { description: 'First password.' })
  password!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of a picture of the person: https, in the public internet, else UNSAFE_URL.',
  })
  avatarUrl?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization to make the person a member of. Takes MANAGE_MEMBERS in it.',
  })
  organizationId?: string | null;

  @Field(() => [Permission], {
    nullable: true,
    description: 'What the member may do. You cannot give what you do not hold. Not for staff.',
  })
  permissions?: Permission[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Limit the member to these agents. Without it, or with null: every agent of the organization.',
  })
  agentIds?: string[] | null;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: 'Role on the staff of the workspace. Only staff may give one.',
  })
  workspaceRole?: WorkspaceRole | null;
}

@InputType('UpdateUserInput', {
  description: 'What to change in an account. Fields that are left out keep their value.',
})
export class UpdateUserInput {
  @Field(() => ID, {
    description: 'The person. Everyone may change their own name and picture; the rest takes MANAGE_MEMBERS.',
  })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name, as visitors and colleagues see it.' })
  displayName?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'New address of the picture: https, in the public internet, else UNSAFE_URL. Null removes the picture.',
  })
  avatarUrl?: string | null;

  @Field(() => LocaleScalar, {
    nullable: true,
    description:
      'New language for e-mails to this person. Null takes it away: the language of the organization counts then.',
  })
  locale?: string | null;

  @Field(() => [Permission], {
    nullable: true,
    description: 'All permissions that the member shall have. You cannot give what you do not hold.',
  })
  permissions?: Permission[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All agents that the member shall be limited to. Null takes the limit away.',
  })
  agentIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True ends all sessions and blocks signing in; false allows it again.',
  })
  disabled?: boolean | null;
}

@InputType('SetAvailabilityInput', { description: 'Whether the signed-in operator wants to receive handoffs.' })
export class SetAvailabilityInput {
  @Field(() => Boolean, { description: 'True: ONLINE while a dashboard is open. False: AWAY.' })
  available!: boolean;
}

@InputType('InviteUserInput', { description: 'Whom to invite to an organization.' })
export class InviteUserInput {
  @Field(() => ID, { description: 'The organization to invite to. Takes MANAGE_MEMBERS in it.' })
  organizationId!: string;

  @Field(() => String, { description: 'E-mail address to send the invitation to.' })
  email!: string;

  @Field(() => [Permission], { description: 'What the new member may do. You cannot give what you do not hold.' })
  permissions!: Permission[];

  @Field(() => [ID], {
    nullable: true,
    description: 'Limit the new member to these agents. Without it, or with null: every agent.',
  })
  agentIds?: string[] | null;
}

@InputType('RevokeInvitationInput', { description: 'Which invitation to withdraw.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'The invitation. Takes MANAGE_MEMBERS in its organization.' })
  id!: string;
}

@InputType('AcceptInvitationInput', { description: 'How an invited person makes their account.' })
export class AcceptInvitationInput {
  @Field(() => String, { description: 'Token from the link in the e-mail. Works once.' })
  token!: string;

  @Field(() => String, { description: 'Name of the person, as visitors and colleagues will see it.' })
  displayName!: string;

  @Field(() => String, { description: 'Password to sign in with.' })
  password!: string;
}
