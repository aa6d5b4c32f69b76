import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, type Outcome, refused } from '../../domain/refusal';
import { audit } from '../audit/audit';
import { endSessions } from './end-sessions';

/** Ends the session of this request, or all sessions of its person. Returns how many ended. */
export async function signOut(
  database: Database,
  principal: Principal,
  input: { readonly allSessions: boolean },
): Promise<Outcome<{ ended: number }>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can sign out.'));
  const impersonated = input.allSessions ? refuseImpersonator(principal, 'signOutEverywhere') : null;
  if (impersonated !== null) return refused(impersonated);
  const { workspaceId, userId, sessionId } = principal;
  return transact(database, principal, async (transaction) => {
    const which = input.allSessions ? {} : { id: sessionId };
    const ended = await endSessions(transaction, { workspaceId, id: userId }, await transaction.now(), which);
    if (ended > 0) {
      const subject = { ...principal, id: sessionId };
      await audit(transaction, principal, 'SIGNED_OUT', subject, changesOf({}, { allSessions: input.allSessions }));
    }
    return done({ ended });
  });
}
