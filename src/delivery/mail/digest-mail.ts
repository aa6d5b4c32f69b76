import { webUrl, type Brand, type RenderedMail } from './brand';
import { html, normalizeBreaks, paragraphs } from './html';
import { button, layout, quote, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

export interface DigestMailContent {
  readonly brand: Brand;
  readonly recipientName: string;
  readonly lines: readonly { readonly title: string; readonly body: string }[];
}

/** A mail of a thousand lines is read by nobody; the bell has them all. */
const MAX_LINES = 50;
const INTRO = 'This came in your quiet hours and still waits:';

export function digestTitle(count: number): string {
  return count === 1 ? '1 notification from your quiet hours' : `${count} notifications from your quiet hours`;
}

/** The one mail that replaces all that quiet hours have held back. Pure. */
export function renderDigestMail({ brand, recipientName, lines }: DigestMailContent): RenderedMail {
  const subject = digestTitle(lines.length);
  const name = singleLine(recipientName, 100);
  const greeting = name === '' ? 'Hello,' : `Hello ${name},`;
  const shown = lines.slice(0, MAX_LINES).map(({ title, body }) => ({
    title: singleLine(title, 200),
    body: normalizeBreaks(body),
  }));
  const rest = lines.length > shown.length ? `And ${lines.length - shown.length} more, under the bell.` : '';
  const url = webUrl(brand.dashboardUrl);
  const footer = `You get this mail because of your quiet hours at ${singleLine(brand.displayName, 100)}.`;
  const markup = layout({
    brand,
    title: subject,
    preview: singleLine(shown.map(({ title }) => title).join(' · '), 120),
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${greeting}</p>`,
      html`<p style="${TEXT_STYLE}">${INTRO}</p>`,
      ...shown.map(({ title, body }) => [
        html`<p style="${TEXT_STYLE}font-weight:600;">${title}</p>`,
        body === '' ? null : quote(brand, paragraphs(body, TEXT_STYLE)),
      ]),
      rest === '' ? null : html`<p style="${TEXT_STYLE}">${rest}</p>`,
      url === null ? null : button(brand, url, 'Open the dashboard'),
    ],
  });
  const text = [
    subject,
    greeting,
    INTRO,
    ...shown.map(({ title, body }) => (body === '' ? `* ${title}` : `* ${title}\n  ${body.replace(/\n/g, '\n  ')}`)),
    rest,
    url === null ? '' : `Open the dashboard: ${url}`,
    `-- \n${footer}`,
  ];
  return { subject, text: `${text.filter((part) => part !== '').join('\n\n')}\n`, html: markup };
}
