import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { signIn } from '../commands/session/sign-in';
import { signOut } from '../commands/session/sign-out';
import { startVisitorSession } from '../commands/session/start-visitor-session';
import { presentPublicAgent } from '../presenters/present-agent';
import { presentSession } from '../presenters/present-session';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import { authenticate } from '../queries/authenticate';
import { SignInInput, SignOutInput, StartVisitorSessionInput } from '../schema/inputs/session-inputs';
import { SignInPayload, SignOutPayload, StartVisitorSessionPayload } from '../schema/payloads/session-payloads';
import { answer } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class SessionMutations {
  @Mutation(() => SignInPayload, {
    nullable: true,
    description:
      'Exchanges an e-mail address and a password for an access token. Needs no credential. The token goes into `Authorization: Bearer …` on HTTP and into `connectionParams.authorization` on the socket.',
  })
  async signIn(
    @Arg('input', () => SignInInput, INPUT) input: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInPayload> {
    const facts = { ...input, userAgent: context.request.userAgent };
    const payload = await answer(
      () => signIn(context.app.database, facts, context.app),
      (value) => ({
        viewer: value && presentUser(value.user),
        session: value && presentSession(value.session, value.session.id),
        accessToken: value?.accessToken ?? null,
        expiresAt: value?.expiresAt ?? null,
      }),
    );
    await continueAs(context, payload.accessToken);
    return payload;
  }

  @Mutation(() => SignOutPayload, {
    nullable: true,
    description:
      'Ends this session, or with `allSessions` every session of the signed-in person. The token stops working at once.',
  })
  async signOut(
    @Arg('input', () => SignOutInput, INPUT) input: SignOutInput,
    @Ctx() context: RequestContext,
  ): Promise<SignOutPayload> {
    return answer(
      () => signOut(context.app.database, signedIn(context), input),
      () => ({}),
    );
  }

  @Mutation(() => StartVisitorSessionPayload, {
    nullable: true,
    description:
      'Starts, or with `resumeToken` continues, the visit of a widget. Needs no credential: the public key of the agent is enough.',
  })
  async startVisitorSession(
    @Arg('input', () => StartVisitorSessionInput, INPUT) input: StartVisitorSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<StartVisitorSessionPayload> {
    const facts = { ...input, origin: context.request.origin };
    const payload = await answer(
      () => startVisitorSession(context.app.database, facts),
      (value) => ({
        visitor: value && presentVisitor(value.visitor),
        visitorToken: value?.visitorToken ?? null,
        resumeToken: value?.resumeToken ?? null,
        expiresAt: value?.expiresAt ?? null,
        agent: value && presentPublicAgent(value.agent),
      }),
    );
    await continueAs(context, payload.visitorToken);
    return payload;
  }
}

/** The fields below the payload are then answered to whoever has just signed in. */
async function continueAs(context: RequestContext, token: string | null): Promise<void> {
  if (token === null) return;
  const principal = await authenticate(context.app.database.source, `Bearer ${token}`);
  if (principal !== null) context.actAs(principal);
}
