import { IsNull } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, type Outcome, refused } from '../../domain/refusal';
import { Session } from '../../entities/session';
import { audit } from '../audit/audit';

/** Ends the session of this request, or all sessions of its person. Returns how many ended. */
export async function signOut(
  database: Database,
  principal: Principal,
  input: { readonly allSessions: boolean },
): Promise<Outcome<{ ended: number }>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can sign out.'));
  const impersonated = input.allSessions ? refuseImpersonator(principal, 'signOutEverywhere') : null;
  if (impersonated !== null) return refused(impersonated);
  return transact(database, principal, async (transaction) => {
    const open = {
      userId: principal.userId,
      revokedAt: IsNull(),
      ...(input.allSessions ? {} : { id: principal.sessionId }),
    };
    const revokedAt = await transaction.now();
    const ended = await transaction.rows(Session, principal.workspaceId).update(open, { revokedAt });
    if (ended > 0) {
      const subject = { ...principal, id: principal.sessionId };
      await audit(transaction, principal, 'SIGNED_OUT', subject, changesOf({}, { allSessions: input.allSessions }));
    }
    return done({ ended });
  });
}
