import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { removeWorkspaceMailSettings } from '../commands/mail-settings/remove-workspace-mail-settings';
import { sendTestMail } from '../commands/mail-settings/send-test-mail';
import { updateWorkspaceMailSettings } from '../commands/mail-settings/update-workspace-mail-settings';
import { mayManageWorkspace } from '../domain/policies/settings-policy';
import type { MailSettings as MailSettingsRow } from '../entities/mail-settings';
import { presentMailSettings } from '../presenters/present-mail-settings';
import {
  RemoveWorkspaceMailSettingsInput,
  SendTestMailInput,
  UpdateWorkspaceMailSettingsInput,
} from '../schema/inputs/mail-settings-inputs';
import { WorkspaceMailSettings } from '../schema/mail-settings';
import { WorkspaceMailSettingsPayload } from '../schema/payloads/mail-settings-payloads';
import { Workspace } from '../schema/workspace';
import { answer, inputId } from './payload';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver(() => Workspace)
export class MailSettingsResolver {
  @FieldResolver(() => WorkspaceMailSettings, {
    nullable: true,
    description: 'The mail server of the workspace. Null: its mails leave through the server of Baton. Staff only.',
  })
  async mailSettings(@Root() root: Workspace, @Ctx() context: RequestContext): Promise<WorkspaceMailSettings | null> {
    if (!mayManageWorkspace(signedIn(context), root.workspaceRef)) {
      throw forbiddenField('Only staff of the workspace see its mail settings.');
    }
    const row = await context.loaders.mailSettings.load(root.workspaceRef);
    return row && presentMailSettings(row);
  }

  @Mutation(() => WorkspaceMailSettingsPayload, {
    nullable: true,
    description:
      'Sets the mail server of the workspace and the sender of its mails. Staff only. Nothing is sent that way before ' +
      '`sendTestMail` has worked with them.',
  })
  async updateWorkspaceMailSettings(
    @Arg('input', () => UpdateWorkspaceMailSettingsInput, INPUT) input: UpdateWorkspaceMailSettingsInput,
    @Ctx() context: RequestContext,
  ): Promise<WorkspaceMailSettingsPayload> {
    return answer(async () => {
      const ids = { workspaceId: inputId('workspace', input.workspaceId, 'workspaceId') };
      return updateWorkspaceMailSettings(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => WorkspaceMailSettingsPayload, {
    nullable: true,
    description: 'Takes the mail server of the workspace away: its mails leave through that of Baton. Staff only.',
  })
  async removeWorkspaceMailSettings(
    @Arg('input', () => RemoveWorkspaceMailSettingsInput, INPUT) input: RemoveWorkspaceMailSettingsInput,
    @Ctx() context: RequestContext,
  ): Promise<WorkspaceMailSettingsPayload> {
    return answer(async () => {
      const workspaceId = inputId('workspace', input.workspaceId, 'workspaceId');
      return removeWorkspaceMailSettings(context.app.database, signedIn(context), { workspaceId });
    }, payload);
  }

  @Mutation(() => WorkspaceMailSettingsPayload, {
    nullable: true,
    description:
      'Sends a test mail to your own address through the mail server of the workspace, which takes up to half a minute. When ' +
      'the server takes it, the settings are verified and used from then on; INVALID with its words when it does not. Staff ' +
      'only, signed in as a person.',
  })
  async sendTestMail(
    @Arg('input', () => SendTestMailInput, INPUT) input: SendTestMailInput,
    @Ctx() context: RequestContext,
  ): Promise<WorkspaceMailSettingsPayload> {
    return answer(async () => {
      const workspaceId = inputId('workspace', input.workspaceId, 'workspaceId');
      return sendTestMail(context.app.database, signedIn(context), { workspaceId }, context.app);
    }, payload);
  }
}

function payload(row: MailSettingsRow | null): Pick<WorkspaceMailSettingsPayload, 'mailSettings'> {
  return { mailSettings: row && presentMailSettings(row) };
}
