import { type Brand, type RenderedMail, webUrl } from './brand';
import type { MailBlock } from './mail-document';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

/** A mail whose one purpose is to bring a token. */
export interface TokenMail {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly subject: string;
  /** What comes before the link. */
  readonly intro: readonly MailBlock[];
  readonly preview: string;
  /** What the link says. */
  readonly action: string;
  /** Below the dashboard's address, before the token. */
  readonly path: 'invitations' | 'password-reset';
  readonly token: string;
  /** How often, how long and for whom it works. */
  readonly limit: string;
  readonly footer: string;
}

/** Links to the dashboard; without one the mail brings the code itself. Pure. */
export function renderTokenMail(mail: TokenMail): RenderedMail {
  const { brand, texts, subject, intro, preview, action, path, token, limit, footer } = mail;
  const base = webUrl(brand.dashboardUrl);
  const way: MailBlock =
    base === null
      ? { kind: 'WORDS', text: texts.text('code', { code: token }) }
      : { kind: 'BUTTON', label: action, url: `${base.replace(/\/+$/, '')}/${path}/${token}` };
  return renderMail({
    ...{ brand, texts, subject, preview, footer },
    blocks: [...intro, way, { kind: 'NOTE', text: limit }],
  });
}
