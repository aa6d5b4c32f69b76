import { Field, ID, InputType } from 'type-graphql';
import { LocaleScalar } from '../scalars';

@InputType('SignInInput', { description: 'Who wants to sign in.' })
export class SignInInput {
  @Field(() => String, { description: 'E-mail address of the account. Upper and lower case are the same.' })
  email!: string;

  @Field(() => String, { description: 'Password of the account.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: '`slug` of the workspace. May be left out where the server hosts one workspace only.',
  })
  workspace?: string | null;
}

@InputType('SignOutInput', { description: 'Which sessions to end.' })
export class SignOutInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True ends every session of the person, on all devices. False ends the session of this request.',
  })
  allSessions!: boolean;
}

@InputType('LogInAsInput', { description: 'As whom staff log in, and what for.' })
export class LogInAsInput {
  @Field(() => ID, { description: 'A member of an organization of the workspace, not disabled; never staff.' })
  userId!: string;

  @Field(() => String, {
    description: 'Why: one line of at most 500 characters. It is in the audit log, where the organization reads it.',
  })
  reason!: string;
}

@InputType('EndVisitorSessionInput', { description: 'Which sessions of the visitor to end.' })
export class EndVisitorSessionInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'True ends every session of the visitor, on all devices and in all tabs. False ends the session of this request. The resume token ends either way.',
  })
  allSessions!: boolean;
}

@InputType('RequestPasswordResetInput', { description: 'Whose password to reset.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'E-mail address of the account.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description: '`slug` of the workspace. Without it every account of the address gets its own mail.',
  })
  workspace?: string | null;
}

@InputType('ResetPasswordInput', { description: 'The new password, with the proof that it may be set.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'Token from the link in the e-mail. Works once.' })
  token!: string;

  @Field(() => String, { description: 'Password to sign in with from now on. All sessions of the account end.' })
  newPassword!: string;
}

@InputType('RevokeSessionInput', { description: 'Which session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'A session, as `User.sessions` gave it.' })
  id!: string;
}

@InputType('StartVisitorSessionInput', { description: 'What a widget knows of its visitor on opening.' })
export class StartVisitorSessionInput {
  @Field(() => String, { description: '`publicKey` of the agent.' })
  agentPublicKey!: string;

  @Field(() => String, {
    nullable: true,
    description: '`resumeToken` of an earlier visit, to stay the same visitor. Leave it out on the first visit.',
  })
  resumeToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'JWT (HS256, at most 5 minutes, used once) in which the back end of the partner vouches for the visitor. It decides who the visitor is, whatever else is given. Required where the agent says `identityVerificationRequired`. TOKEN_EXPIRED: ask the back end for another one.',
  })
  identityToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the visitor. Without it the server makes one up. Beside an `identityToken` it is ignored.',
  })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address of the visitor, if the page knows it. Beside an `identityToken` it is ignored.',
  })
  email?: string | null;

  @Field(() => LocaleScalar, { nullable: true, description: 'Language of the page or browser.' })
  locale?: string | null;
}
