import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { clientOf } from '../domain/actor';
import { requestPasswordReset } from '../commands/password-reset/request-password-reset';
import { resetPassword } from '../commands/password-reset/reset-password';
import { RequestPasswordResetInput, ResetPasswordInput } from '../schema/inputs/session-inputs';
import { RequestPasswordResetPayload, ResetPasswordPayload } from '../schema/payloads/session-payloads';
import { answer } from './payload';
import type { RequestContext } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class PasswordResetMutations {
  @Mutation(() => RequestPasswordResetPayload, {
    nullable: true,
    description:
      'Mails a link for another password to the address, if somebody has it. Needs no credential. Answers the same, after the same time, whether or not.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, INPUT) input: RequestPasswordResetInput,
    @Ctx() { app, request }: RequestContext,
  ): Promise<RequestPasswordResetPayload> {
    return answer(
      () => requestPasswordReset(app.database, { ...input, ...clientOf(request) }, { mailTokens: app.mailTokens }),
      () => ({}),
    );
  }

  @Mutation(() => ResetPasswordPayload, {
    nullable: true,
    description:
      'Sets another password with the token from the mail: once, within an hour. Needs no credential. All sessions of the account end.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, INPUT) input: ResetPasswordInput,
    @Ctx() { app, request }: RequestContext,
  ): Promise<ResetPasswordPayload> {
    return answer(
      () => resetPassword(app.database, { ...input, ...clientOf(request) }, app),
      () => ({}),
    );
  }
}
