import type { SignedIn } from '../commands/session/open-session';
import type { Outcome } from '../domain/refusal';
import { presentSession } from '../presenters/present-session';
import { presentUser } from '../presenters/present-user';
import { authenticate } from '../queries/authenticate';
import type { SignInPayload } from '../schema/payloads/session-payloads';
import { answer } from './payload';
import type { RequestContext } from './request-context';

/** Answers a command that signs somebody in. */
export async function answerSignedIn(
  context: RequestContext,
  run: () => Promise<Outcome<SignedIn>>,
): Promise<SignInPayload> {
  const payload = await answer(run, (value) => ({
    viewer: value && presentUser(value.user),
    session: value && presentSession(value.session, value.session.id),
    accessToken: value?.accessToken ?? null,
    expiresAt: value?.expiresAt ?? null,
  }));
  await continueAs(context, payload.accessToken);
  return payload;
}

/** The fields below the payload are then answered to whoever has just signed in. */
export async function continueAs(context: RequestContext, token: string | null): Promise<void> {
  if (token === null) return;
  const principal = await authenticate(context.app.database.source, `Bearer ${token}`, context.request.origin);
  if (principal !== null) context.actAs(principal);
}
