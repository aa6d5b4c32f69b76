import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, forbidden, type Outcome, refused } from '../../domain/refusal';
import { endSessions } from './end-sessions';

/** Ends the session of this request, or all sessions of its person. Returns how many ended. */
export async function signOut(
  database: Database,
  principal: Principal,
  input: { readonly allSessions: boolean },
): Promise<Outcome<{ ended: number }>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can sign out.'));
  const { workspaceId, userId, sessionId } = principal;
  return transact(database, principal, async (transaction) => {
    const which = input.allSessions ? {} : { id: sessionId };
    return done({ ended: await endSessions(transaction, { workspaceId, id: userId }, await transaction.now(), which) });
  });
}
