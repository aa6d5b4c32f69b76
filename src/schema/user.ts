import { Field, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { Agent } from './agent';
import { Node } from './node';
import { NotificationSettings } from './notification-settings';
import { Organization } from './organization';
import { Permission, WorkspaceRole } from './permission';
import { Presence } from './presence';
import { DateTimeScalar, EmailAddressScalar, LocaleScalar } from './scalars';
import { Session } from './session';
import { Workspace } from './workspace';

@ObjectType('User', {
  implements: [Node, Actor],
  description:
    'A person who signs in: either staff of the workspace (`workspaceRole` is set) or a member of one organization (`organization` is set).',
})
export class User implements Node, Actor {
  id!: string;
  displayName!: string;
  avatarUrl!: string | null;

  @Field(() => EmailAddressScalar, {
    description: 'Address for signing in and for notifications. Unique in the workspace. Visitors never see it.',
  })
  email!: string;

  @Field(() => Workspace, { description: 'The workspace in which this person signs in.' })
  workspace?: Workspace;

  @Field(() => WorkspaceRole, {
    nullable: true,
    description: 'Role on the staff of the workspace. Null for members of an organization.',
  })
  workspaceRole!: WorkspaceRole | null;

  @Field(() => Organization, {
    nullable: true,
    description: 'The organization that this person is a member of. Null for staff.',
  })
  organization?: Organization | null;

  @Field(() => [Permission], {
    description:
      'What this person may do. For staff always every permission. Hide in the dashboard what is missing here.',
  })
  permissions!: Permission[];

  @Field(() => [Agent], {
    nullable: true,
    description:
      'The agents that this member is limited to. Null means no limit: every agent of the organization, or of the workspace for staff. Of these agents, those that you may see.',
  })
  agents?: Agent[] | null;

  @Field(() => LocaleScalar, {
    nullable: true,
    description:
      'Language of e-mails to this person, changed with `updateUser`. Null: that of the organization, and English for staff.',
  })
  locale!: string | null;

  @Field(() => Presence, { description: 'Whether this person can be reached as an operator now.' })
  presence?: Presence;

  @Field(() => NotificationSettings, {
    description: 'What this person is notified of. Change your own with `updateNotificationSettings`.',
  })
  notificationSettings?: NotificationSettings;

  @Field(() => [Session], {
    nullable: true,
    description:
      'Where this person is signed in: the newest 50 open sessions, newest first. End one with `revokeSession`. Null for everybody but the person, those with MANAGE_MEMBERS for members, and owners for staff.',
  })
  sessions?: Session[] | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the account was disabled: the person cannot sign in and all sessions have ended. Null while it is enabled.',
  })
  disabledAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When the account was created.' })
  createdAt!: Date;

  userRef!: string;
  workspaceRef!: string;
  organizationRef!: string | null;
  /** Whether the member is limited to some agents. */
  isLimited!: boolean;
  /** The person's own choice to be available. */
  isAvailable!: boolean;
}
