import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { mayEndSessions } from '../../domain/policies/member-policy';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { Session } from '../../entities/session';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { accessEnded } from './access-events';

/**
 * Signs one browser out, with its sockets on every process. One's own; a member's with MANAGE_MEMBERS; those of staff as
 * an owner. To everybody else the session does not exist. Revoking it again changes nothing.
 */
export async function revokeSession(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<Session>> {
  const impersonated = refuseImpersonator(principal, 'endSessions');
  if (impersonated !== null) return refused(impersonated);
  return transact(database, principal, async (transaction) => {
    const sessions = transaction.rows(Session, principal.workspaceId);
    const session = await sessions.lock({ id: input.id });
    // Nobody has a session's id: for a missing one a person is looked for like for a hidden one.
    const user = await transaction.rows(User, principal.workspaceId).find({ id: session?.userId ?? input.id });
    if (session === null || user === null || !mayEndSessions(principal, user))
      return refused(notFound('session', 'id'));
    if (session.revokedAt !== null) return done(session);
    const change = { revokedAt: await transaction.now() };
    await sessions.update({ id: session.id }, change);
    transaction.append(accessEnded(session.workspaceId, session.id));
    const subject = { ...session, organizationId: user.organizationId };
    await audit(transaction, principal, 'SESSION_REVOKED', subject);
    return done({ ...session, ...change });
  });
}
