import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { revokeSession } from '../commands/session/revoke-session';
import { clientOf } from '../domain/actor';
import { endVisitorSession } from '../commands/session/end-visitor-session';
import { signIn } from '../commands/session/sign-in';
import { signOut } from '../commands/session/sign-out';
import { startVisitorSession } from '../commands/session/start-visitor-session';
import { presentPublicAgent } from '../presenters/present-agent';
import { presentSession } from '../presenters/present-session';
import { presentVisitor } from '../presenters/present-visitor';
import {
  RevokeSessionInput,
  EndVisitorSessionInput,
  SignInInput,
  SignOutInput,
  StartVisitorSessionInput,
} from '../schema/inputs/session-inputs';
import {
  RevokeSessionPayload,
  EndVisitorSessionPayload,
  SignInPayload,
  SignOutPayload,
  StartVisitorSessionPayload,
} from '../schema/payloads/session-payloads';
import { answer, inputId } from './payload';
import { type RequestContext, sessionIdOf, signedIn } from './request-context';
import { answerSignedIn, continueAs } from './sign-in-payload';

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
    const facts = { ...input, ...clientOf(context.request) };
    return answerSignedIn(context, () => signIn(context.app.database, facts, context.app));
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

  @Mutation(() => RevokeSessionPayload, {
    nullable: true,
    description:
      'Signs one browser out: its token stops working at once and its sockets close. Your own sessions; those of members need MANAGE_MEMBERS, those of staff an owner.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, INPUT) input: RevokeSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeSessionPayload> {
    return answer(
      async () => {
        const id = inputId('session', input.id, 'id');
        return revokeSession(context.app.database, signedIn(context), { id });
      },
      (session) => ({ session: session && presentSession(session, sessionIdOf(signedIn(context))) }),
    );
  }

  @Mutation(() => EndVisitorSessionPayload, {
    nullable: true,
    description:
      'Ends this visit, for “forget me on this computer”: the session stops working at once, and nobody can continue the visit with its resume token. Conversations stay. For visitors.',
  })
  async endVisitorSession(
    @Arg('input', () => EndVisitorSessionInput, INPUT) input: EndVisitorSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<EndVisitorSessionPayload> {
    return answer(
      () => endVisitorSession(context.app.database, signedIn(context), input),
      () => ({}),
    );
  }

  @Mutation(() => StartVisitorSessionPayload, {
    nullable: true,
    description:
      'Starts the visit of a widget, or continues one: of the person that `identityToken` names, or of whoever got `resumeToken`. Needs no credential: the public key of the agent is enough.',
  })
  async startVisitorSession(
    @Arg('input', () => StartVisitorSessionInput, INPUT) input: StartVisitorSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<StartVisitorSessionPayload> {
    const facts = { ...input, origin: context.request.origin };
    const payload = await answer(
      () => startVisitorSession(context.app.database, facts, context.app),
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
