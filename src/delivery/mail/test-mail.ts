import type { Brand, RenderedMail } from './brand';
import { html, normalizeBreaks, paragraphs } from './html';
import { layout, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

export interface TestMailContent {
  readonly brand: Brand;
  readonly title: string;
  readonly body: string;
  readonly recipientName: string;
}

/** The mail by which somebody sees that mails arrive. Pure. */
export function renderTestMail({ brand, title, body, recipientName }: TestMailContent): RenderedMail {
  const brandName = singleLine(brand.displayName, 100);
  const name = singleLine(recipientName, 100);
  const greeting = name === '' ? 'Hello,' : `Hello ${name},`;
  const subject = singleLine(title, 200);
  const words = normalizeBreaks(body);
  const footer = `You get this mail because you have asked for it at ${brandName}.`;
  const markup = layout({
    brand,
    title: subject,
    preview: singleLine(words, 120),
    footer,
    content: [html`<p style="${TEXT_STYLE}">${greeting}</p>`, paragraphs(words, TEXT_STYLE)],
  });
  return { subject, text: `${[subject, greeting, words, `-- \n${footer}`].join('\n\n')}\n`, html: markup };
}
