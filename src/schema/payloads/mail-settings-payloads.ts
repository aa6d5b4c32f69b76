import { Field, ObjectType } from 'type-graphql';
import { WorkspaceMailSettings } from '../mail-settings';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('WorkspaceMailSettingsPayload', {
  description: 'The mail settings of a workspace after the change, or the test.',
})
export class WorkspaceMailSettingsPayload {
  @Field(() => WorkspaceMailSettings, {
    nullable: true,
    description:
      'The settings as they are now, also after a test that failed. Null when there are none, or none to show.',
  })
  mailSettings?: WorkspaceMailSettings | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
