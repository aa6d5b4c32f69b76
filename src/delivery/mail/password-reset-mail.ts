import { type Brand, type RenderedMail, webUrl } from './brand';
import { html } from './html';
import { button, layout, quote, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

export interface PasswordResetMailContent {
  readonly brand: Brand;
  readonly recipientName: string;
  readonly token: string;
}

/** The branded mail that lets somebody choose another password; without a dashboard it brings the code itself. Pure. */
export function renderPasswordResetMail({ brand, recipientName, token }: PasswordResetMailContent): RenderedMail {
  const brandName = singleLine(brand.displayName, 100);
  const subject = `Your password at ${brandName}`;
  const intro = `Hello ${singleLine(recipientName, 100)}, somebody asked for another password for your account.`;
  const limit = 'This works once and for one hour. It ends all your sessions.';
  const footer = `If it was not you, ignore this mail from ${brandName}: your password stays as it is.`;
  const base = webUrl(brand.dashboardUrl);
  const url = base === null ? null : `${base.replace(/\/+$/, '')}/password-reset/${token}`;
  const markup = layout({
    brand,
    title: subject,
    preview: intro,
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${intro}</p>`,
      url === null
        ? quote(brand, html`<p style="${TEXT_STYLE}">Your code: ${token}</p>`)
        : button(brand, url, 'Choose another password'),
      html`<p style="${TEXT_STYLE}">${limit}</p>`,
    ],
  });
  const action = url === null ? `Your code: ${token}` : `Choose another password:\n${url}`;
  return { subject, text: `${[intro, action, limit, `-- \n${footer}`].join('\n\n')}\n`, html: markup };
}
