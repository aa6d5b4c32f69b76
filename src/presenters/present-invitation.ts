import { encodePublicId } from '../domain/public-id';
import type { Invitation as InvitationRow } from '../entities/invitation';
import { Invitation } from '../schema/invitation';

export function presentInvitation(row: InvitationRow): Invitation {
  return Object.assign(new Invitation(), {
    id: encodePublicId('invitation', row.id),
    email: row.email,
    permissions: [...row.permissions],
    expiresAt: row.expiresAt,
    acceptedAt: row.acceptedAt,
    revokedAt: row.revokedAt,
    invitationRef: row.id,
    invitedByRef: row.invitedBy,
  });
}
