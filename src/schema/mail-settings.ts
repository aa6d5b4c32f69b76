import { Field, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { DateTimeScalar, EmailAddressScalar } from './scalars';

export const SmtpSecurity = defineEnum('SmtpSecurity', 'How the connection to a mail server is encrypted.', {
  TLS: 'From the first byte, usually on port 465.',
  STARTTLS: 'After a greeting in clear, usually on port 587. Without encryption nothing is sent.',
  NONE: 'Not at all. Only for a server on this machine, in development.',
});
export type SmtpSecurity = keyof typeof SmtpSecurity;

@ObjectType('WorkspaceMailSettings', {
  description:
    'The mail server of a workspace, and from whom its mails come. Mails leave that way once `sendTestMail` has worked; until ' +
    'then, and without any settings, they leave through the server of Baton.',
})
export class WorkspaceMailSettings {
  @Field(() => String, { description: 'Name or address of the mail server.' })
  host!: string;

  @Field(() => Int, { description: 'Port of the mail server.' })
  port!: number;

  @Field(() => SmtpSecurity, { description: 'How the connection is encrypted.' })
  security!: SmtpSecurity;

  @Field(() => String, { nullable: true, description: 'Name to sign in with. Null: the server asks for none.' })
  username!: string | null;

  @Field(() => Boolean, { description: 'Whether a password is stored. It is never shown.' })
  hasPassword!: boolean;

  @Field(() => EmailAddressScalar, {
    description: 'Address that mails come from. The name beside it is `emailFromName` of the brand.',
  })
  fromAddress!: string;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'Where answers go when the brand has no `supportEmail`. Null: to `fromAddress`.',
  })
  replyTo!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the server took a test mail with these settings. Null: mails do not leave through it yet.',
  })
  verifiedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the server could not be used last, in its own words: show it. Mails wait and are tried again for three days. Null ' +
      'since it has worked again.',
  })
  lastError!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that was. Null while there is no error.' })
  lastErrorAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When the settings were changed last.' })
  updatedAt!: Date;
}
