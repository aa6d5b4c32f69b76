import { renderInvitationMail } from '../delivery/mail/invitation-mail';
import type { Delivery } from '../entities/delivery';
import { Invitation } from '../entities/invitation';
import { User } from '../entities/user';
import { readBrand } from './read-alert';
import { messageIdOf, sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails an invitation, unless it has ended meanwhile: a useless link would only puzzle its reader. */
export async function sendInvitation(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, mail, mailFrom, mailTokens, serverBrand } = dependencies;
  const { workspaceId } = delivery;
  const invitation = await source.manager.findOneBy(Invitation, { id: delivery.invitationId ?? '', workspaceId });
  if (invitation === null || hasEnded(invitation)) return { state: 'SKIPPED', detail: 'ENDED' };
  const { id, invitedBy, email, expiresAt } = invitation;
  const inviter = invitedBy === null ? null : await source.manager.findOneBy(User, { id: invitedBy, workspaceId });
  const brand = await readBrand(source, invitation, serverBrand);
  const token = mailTokens('INVITATION', id);
  return sendMail(mail, {
    ...renderInvitationMail({ brand, invitedBy: inviter?.displayName ?? null, token, expiresAt }),
    messageId: messageIdOf(delivery.id, mailFrom),
    from: { name: brand.emailFromName, address: mailFrom },
    to: { address: email },
    ...(brand.supportEmail === null ? {} : { replyTo: { name: brand.displayName, address: brand.supportEmail } }),
    automatic: true,
  });
}

function hasEnded({ acceptedAt, revokedAt, expiresAt }: Invitation): boolean {
  return acceptedAt !== null || revokedAt !== null || expiresAt.getTime() <= Date.now();
}
