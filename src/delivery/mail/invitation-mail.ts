import type { Brand, RenderedMail } from './brand';
import { singleLine } from './outgoing-mail';
import { renderTokenMail } from './token-mail';

export interface InvitationMailContent {
  readonly brand: Brand;
  /** Null when no person did. */
  readonly invitedBy: string | null;
  readonly token: string;
  readonly expiresAt: Date;
}

/** The branded mail that lets somebody become a member. Without a dashboard to link to, it brings the code itself. Pure. */
export function renderInvitationMail({ brand, invitedBy, token, expiresAt }: InvitationMailContent): RenderedMail {
  const brandName = singleLine(brand.displayName, 100);
  const inviter = singleLine(invitedBy ?? '', 100);
  const subject = `Your invitation to ${brandName}`;
  const intro = `${inviter === '' ? 'You are' : `${inviter} has`} invited${inviter === '' ? '' : ' you'} to answer visitors of ${brandName}.`;
  const limit = `This works once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, and for nobody else: do not pass it on.`;
  const footer = `You get this mail because somebody at ${brandName} entered your address. If you do not know them, ignore it.`;
  return renderTokenMail({
    brand,
    subject,
    intro,
    action: 'Accept the invitation',
    path: 'invitations',
    token,
    limit,
    footer,
  });
}
