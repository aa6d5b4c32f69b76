import { type Brand, type RenderedMail, webUrl } from './brand';
import { html } from './html';
import { button, layout, quote, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

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
  const base = webUrl(brand.dashboardUrl);
  const url = base === null ? null : `${base.replace(/\/+$/, '')}/invitations/${token}`;
  const markup = layout({
    brand,
    title: subject,
    preview: intro,
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${intro}</p>`,
      url === null
        ? quote(brand, html`<p style="${TEXT_STYLE}">Your code: ${token}</p>`)
        : button(brand, url, 'Accept the invitation'),
      html`<p style="${TEXT_STYLE}">${limit}</p>`,
    ],
  });
  const action = url === null ? `Your code: ${token}` : `Accept the invitation:\n${url}`;
  return { subject, text: `${[intro, action, limit, `-- \n${footer}`].join('\n\n')}\n`, html: markup };
}
