import type { Brand, RenderedMail } from './brand';
import { html, normalizeBreaks, paragraphs } from './html';
import { layout, quote, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

export interface InquiryAnswerMailContent {
  brand: Brand;
  visitorName: string | null;
  inquiryText: string;
  answerText: string;
  /** Display name of the operator; null signs with the brand alone. */
  answeredBy: string | null;
}

/** The branded mail that brings an answer to the visitor who left an inquiry. Pure. */
export function renderInquiryAnswerMail(content: InquiryAnswerMailContent): RenderedMail {
  const { brand } = content;
  const brandName = singleLine(brand.displayName, 100);
  const subject = `Your question to ${brandName}`;
  const visitorName = singleLine(content.visitorName ?? '', 100);
  const greeting = visitorName === '' ? 'Hello,' : `Hello ${visitorName},`;
  const answer = normalizeBreaks(content.answerText);
  const inquiry = normalizeBreaks(content.inquiryText);
  const operator = singleLine(content.answeredBy ?? '', 100);
  const signature = operator === '' ? brandName : `${operator}, ${brandName}`;
  const footer = footerFor(brand, brandName);

  const markup = layout({
    brand,
    title: subject,
    preview: singleLine(answer, 120),
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${greeting}</p>`,
      paragraphs(answer, TEXT_STYLE),
      html`<p style="${TEXT_STYLE}font-weight:600;">${signature}</p>`,
      html`<p class="quiet" style="margin:0 0 8px;font-size:13px;color:#5b6270;">You asked:</p>`,
      quote(brand, paragraphs(inquiry, TEXT_STYLE)),
    ],
  });
  const quoted = inquiry.split('\n').map((line) => `> ${line}`.trimEnd());
  const text = [greeting, answer, signature, `You asked:\n${quoted.join('\n')}`, `-- \n${footer}`];
  return { subject, text: `${text.join('\n\n')}\n`, html: markup };
}

function footerFor(brand: Brand, brandName: string): string {
  const contact = brand.supportEmail === null ? '' : ` You can also write to ${singleLine(brand.supportEmail, 254)}.`;
  return `You get this mail because you left a question with ${brandName}.${contact}`;
}
