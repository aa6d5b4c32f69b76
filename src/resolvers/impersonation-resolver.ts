import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { logInAs } from '../commands/session/log-in-as';
import type { Actor } from '../schema/actor';
import { LogInAsInput } from '../schema/inputs/session-inputs';
import { SignInPayload } from '../schema/payloads/session-payloads';
import { Session } from '../schema/session';
import { NODES } from './nodes';
import { inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { answerSignedIn } from './sign-in-payload';
import { visiblePerson } from './visible-person';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver(() => Session)
export class ImpersonationResolver {
  @FieldResolver()
  async impersonator(@Root() root: Session, @Ctx() context: RequestContext): Promise<Actor | null> {
    return visiblePerson(context, root.impersonatorRef);
  }

  @Query(() => Session, {
    nullable: true,
    description:
      'The session of this request. Where it has an `impersonator`, warn in your page that the viewer is looked at by staff. Null for visitors and API keys.',
  })
  async session(@Ctx() context: RequestContext): Promise<Session | null> {
    const principal = signedIn(context);
    return principal.kind === 'USER' ? NODES.session(context, principal, principal.sessionId) : null;
  }

  @Mutation(() => SignInPayload, {
    nullable: true,
    description:
      'For signed-in staff: a session as a member of an organization, to see what the member sees. It lasts 15 minutes, ends with your own session, is named in the audit log, and cannot handle conversations, manage members, change push subscriptions, mark anything as read or sign the person out elsewhere.',
  })
  async logInAs(
    @Arg('input', () => LogInAsInput, INPUT) input: LogInAsInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInPayload> {
    return answerSignedIn(context, async () => {
      const userId = inputId('user', input.userId, 'userId');
      return logInAs(context.app.database, signedIn(context), { userId, reason: input.reason });
    });
  }
}
