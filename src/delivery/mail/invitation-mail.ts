import type { Brand, RenderedMail } from './brand';
import { singleLine } from './outgoing-mail';
import type { Texts } from './texts';
import { renderTokenMail } from './token-mail';

export interface InvitationMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  /** Null when no person did. */
  readonly invitedBy: string | null;
  readonly token: string;
  readonly expiresAt: Date;
  /** In which the end is told. */
  readonly timeZone: string;
}

/** The branded mail that lets somebody become a member. Without a dashboard to link to, it brings the code itself. Pure. */
export function renderInvitationMail(content: InvitationMailContent): RenderedMail {
  const { brand, texts, token, expiresAt, timeZone } = content;
  const names = { brand: singleLine(brand.displayName, 100), inviter: singleLine(content.invitedBy ?? '', 100) };
  const intro = texts.text(names.inviter === '' ? 'invitation.intro' : 'invitation.introBy', names);
  return renderTokenMail({
    ...{ brand, texts, token, path: 'invitations' },
    subject: texts.text('invitation.subject', names),
    intro: [{ kind: 'TEXT', text: intro }],
    preview: intro,
    action: texts.text('invitation.action'),
    limit: texts.text('invitation.limit', { time: texts.time(expiresAt, timeZone) }),
    footer: texts.text('invitation.footer', names),
  });
}
