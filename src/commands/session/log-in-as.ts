import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkLine } from '../../domain/validation/text';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { openSession, type SignedIn } from './open-session';

export interface LogInAs {
  readonly userId: string;
  /** For the audit log: the person and their organization read it. */
  readonly reason: string;
}

const MAX_REASON = 500;

/**
 * "Log in as": gives a member of staff a session of a member, of 15 minutes, which ends with their own. Signed-in people
 * of the staff alone, and members alone: an administrator would else become an owner. What such a session may not do
 * stands in `impersonation-policy.ts`. CONFLICT: the account is disabled.
 */
export async function logInAs(database: Database, principal: Principal, input: LogInAs): Promise<Outcome<SignedIn>> {
  return transact(database, principal, async (transaction) => {
    // Locked: whoever disables the account at this moment then finds the session, or it is not opened.
    const user = await transaction.rows(User, principal.workspaceId).lock({ id: input.userId });
    if (user === null || !maySee(principal, user)) return refused(notFound('user', 'userId'));
    if (principal.kind !== 'USER' || principal.workspaceRole === null) {
      return refused(forbidden('Only staff of the workspace, signed in, may log in as somebody.', 'userId'));
    }
    const refusals = refuseAccount(user, input);
    if (refusals.length > 0) return refused(refusals);
    const signedIn = await openSession(transaction, user, principal.userAgent, principal);
    await audit(transaction, principal, 'IMPERSONATION_STARTED', user, changesOf({}, { reason: input.reason.trim() }));
    return done(signedIn);
  });
}

function refuseAccount(user: User, { reason }: LogInAs): Refusal[] {
  if (user.workspaceRole !== null) {
    return [forbidden('Only members of an organization can be logged in as, never staff.', 'userId')];
  }
  if (user.disabledAt !== null) {
    return [refusal('CONFLICT', 'This account is disabled: enable it first.', 'userId')];
  }
  return checkLine(reason, MAX_REASON, 'reason');
}
