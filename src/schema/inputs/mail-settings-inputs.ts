import { Field, ID, InputType, Int } from 'type-graphql';
import { SmtpSecurity } from '../mail-settings';

@InputType('UpdateWorkspaceMailSettingsInput', {
  description:
    'The mail server of a workspace. Replaces what was set as a whole; only `password` stays when it is left out.',
})
export class UpdateWorkspaceMailSettingsInput {
  @Field(() => ID, { description: 'The workspace. Staff only.' })
  workspaceId!: string;

  @Field(() => String, {
    description: 'Name of the mail server, in the public internet, else UNSAFE_URL. Example: smtp.example.com.',
  })
  host!: string;

  @Field(() => Int, { description: 'Port of the mail server: 25, 465, 587, 2465, 2525 or 2587, else UNSAFE_URL.' })
  port!: number;

  @Field(() => SmtpSecurity, { description: 'How the connection is encrypted.' })
  security!: SmtpSecurity;

  @Field(() => String, { nullable: true, description: 'Name to sign in with. Left out: the server asks for none.' })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Password to sign in with; it is encrypted and never shown again. Left out: the one that is stored, while host, port, ' +
      'security and user name stay. Null: none.',
  })
  password?: string | null;

  @Field(() => String, {
    description:
      'Address that mails come from. The mail server must let you send from it (SPF, DKIM and DMARC are yours).',
  })
  fromAddress!: string;

  @Field(() => String, { nullable: true, description: 'Where answers go when the brand has no `supportEmail`.' })
  replyTo?: string | null;
}

@InputType('RemoveWorkspaceMailSettingsInput', { description: 'Whose mail server to take away.' })
export class RemoveWorkspaceMailSettingsInput {
  @Field(() => ID, { description: 'The workspace. Staff only.' })
  workspaceId!: string;
}

@InputType('SendTestMailInput', { description: 'Whose mail server to test.' })
export class SendTestMailInput {
  @Field(() => ID, { description: 'The workspace. Staff only.' })
  workspaceId!: string;
}
