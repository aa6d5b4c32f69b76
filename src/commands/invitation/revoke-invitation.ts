import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { mayManageMembers } from '../../domain/policies/settings-policy';
import { done, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import { Invitation } from '../../entities/invitation';
import { audit } from '../audit/audit';

/**
 * Withdraws an invitation: its link is useless from the commit on. To whoever has no MANAGE_MEMBERS there are no
 * invitations. Withdrawing it again changes nothing; INVALID_TRANSITION once it was accepted.
 */
export async function revokeInvitation(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<Invitation>> {
  return transact(database, principal, async (transaction) => {
    const invitations = transaction.rows(Invitation, principal.workspaceId);
    const invitation = await invitations.lock({ id: input.id });
    if (invitation === null || !mayManageMembers(principal, invitation)) return refused(notFound('invitation', 'id'));
    const impersonated = refuseImpersonator(principal, 'manageMembers');
    if (impersonated !== null) return refused(impersonated);
    if (invitation.revokedAt !== null) return done(invitation);
    if (invitation.acceptedAt !== null) {
      const message = 'This invitation has been accepted: disable the member instead.';
      return refused(refusal('INVALID_TRANSITION', message, 'id'), invitation);
    }
    const change = { revokedAt: await transaction.now() };
    await invitations.update({ id: invitation.id }, change);
    await audit(transaction, principal, 'INVITATION_REVOKED', invitation);
    return done({ ...invitation, ...change });
  });
}
