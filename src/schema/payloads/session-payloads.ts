import { Field, ObjectType } from 'type-graphql';
import { PublicAgent } from '../public-agent';
import { DateTimeScalar } from '../scalars';
import { Session } from '../session';
import { User } from '../user';
import { type UserError, UserErrorsField } from '../user-error';
import { Visitor } from '../visitor';

@ObjectType('SignInPayload', { description: 'What signing in gives.' })
export class SignInPayload {
  @Field(() => User, { nullable: true, description: 'The person who signed in. Null when signing in was refused.' })
  viewer?: User | null;

  @Field(() => Session, { nullable: true, description: 'The new session. Null when signing in was refused.' })
  session?: Session | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Send it with every request as `Authorization: Bearer …`. Shown this once. Null when signing in was refused.',
  })
  accessToken?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the token ends: sign in again before. Null when signing in was refused.',
  })
  expiresAt?: Date | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('SignOutPayload', { description: 'What signing out gives: nothing but refusals.' })
export class SignOutPayload {
  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('RevokeSessionPayload', { description: 'The session that was ended.' })
export class RevokeSessionPayload {
  @Field(() => Session, { nullable: true, description: 'The session as it is now. Null on refusal.' })
  session?: Session | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('EndVisitorSessionPayload', { description: 'What ending a visit gives: nothing but refusals.' })
export class EndVisitorSessionPayload {
  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('RequestPasswordResetPayload', {
  description: 'The same for known and unknown addresses. If the account exists, an e-mail with a link is on its way.',
})
export class RequestPasswordResetPayload {
  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('ResetPasswordPayload', {
  description: 'What setting a new password gives: nothing but refusals. Sign in afterwards.',
})
export class ResetPasswordPayload {
  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('StartVisitorSessionPayload', { description: 'What a widget needs to act for its visitor.' })
export class StartVisitorSessionPayload {
  @Field(() => Visitor, {
    nullable: true,
    description:
      'The visitor: the one that `identityToken` names, the earlier one if `resumeToken` was good, or a new one. Null on refusal.',
  })
  visitor?: Visitor | null;

  @Field(() => String, {
    nullable: true,
    description: 'Send it with every request as `Authorization: Bearer …`. Keep it in memory. Null on refusal.',
  })
  visitorToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Keep it in the storage of the browser and send it on the next visit; it works until 180 days after the last one. It replaces the one before. Null on refusal, and for a verified visitor, who comes back with a new `identityToken`.',
  })
  resumeToken?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When `visitorToken` ends: start again with `resumeToken` before. Null on refusal.',
  })
  expiresAt?: Date | null;

  @Field(() => PublicAgent, { nullable: true, description: 'The agent to draw the widget of. Null on refusal.' })
  agent?: PublicAgent | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
