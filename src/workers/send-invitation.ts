import type { EntityManager } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { renderInvitationMail } from '../delivery/mail/invitation-mail';
import type { Delivery } from '../entities/delivery';
import { Invitation } from '../entities/invitation';
import { User } from '../entities/user';
import { type Letterhead, readLetterhead } from './read-letterhead';
import { sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails an invitation, unless it has ended meanwhile: a useless link would only puzzle its reader. */
export async function sendInvitation(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, mailTokens, serverBrand, catalogue } = dependencies;
  const found = await read(source, delivery, (manager) => readInvitation(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { invitation, inviter, letterhead } = found;
  const { brand, locale, timeZone } = letterhead;
  const texts = catalogue.textsFor(locale);
  const { id, email, expiresAt } = invitation;
  const token = mailTokens('INVITATION', id);
  const draft = {
    ...renderInvitationMail({ brand, texts, invitedBy: inviter?.displayName ?? null, token, expiresAt, timeZone }),
    ...{ brand, to: { address: email } },
    ...{ thread: null, turnOffUrl: null, isAnswerable: true, automatic: true },
  };
  return sendMail(delivery, draft, dependencies);
}

async function readInvitation(
  manager: EntityManager,
  { invitationId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<{ invitation: Invitation; inviter: User | null; letterhead: Letterhead } | null> {
  const invitation = await manager.findOneBy(Invitation, { id: invitationId ?? '', workspaceId });
  if (invitation === null || hasEnded(invitation)) return null;
  const { invitedBy } = invitation;
  const inviter = invitedBy === null ? null : await manager.findOneBy(User, { id: invitedBy, workspaceId });
  return { invitation, inviter, letterhead: await readLetterhead(manager, invitation, server) };
}

function hasEnded({ acceptedAt, revokedAt, expiresAt }: Invitation): boolean {
  return acceptedAt !== null || revokedAt !== null || expiresAt.getTime() <= Date.now();
}
