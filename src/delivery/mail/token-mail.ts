import { type Brand, type RenderedMail, webUrl } from './brand';
import { html } from './html';
import { button, layout, quote, TEXT_STYLE } from './mail-layout';

/** A mail whose one purpose is to bring a token: plain texts, which are escaped here. */
export interface TokenMail {
  readonly brand: Brand;
  readonly subject: string;
  readonly intro: string;
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
  const { brand, subject, intro, action, path, token, limit, footer } = mail;
  const base = webUrl(brand.dashboardUrl);
  const url = base === null ? null : `${base.replace(/\/+$/, '')}/${path}/${token}`;
  const markup = layout({
    brand,
    title: subject,
    preview: intro,
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${intro}</p>`,
      url === null ? quote(brand, html`<p style="${TEXT_STYLE}">Your code: ${token}</p>`) : button(brand, url, action),
      html`<p style="${TEXT_STYLE}">${limit}</p>`,
    ],
  });
  const way = url === null ? `Your code: ${token}` : `${action}:\n${url}`;
  return { subject, text: `${[intro, way, limit, `-- \n${footer}`].join('\n\n')}\n`, html: markup };
}
