import type { Brand, RenderedMail } from './brand';
import { greetingBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { normalizeBreaks } from './plain-text';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

export interface InquiryAnswerMailContent {
  brand: Brand;
  texts: Texts;
  visitorName: string | null;
  inquiryText: string;
  answerText: string;
  /** Display name of the operator; null signs with the brand alone. */
  answeredBy: string | null;
}

/** The branded mail that brings an answer to the visitor who left an inquiry. Pure. */
export function renderInquiryAnswerMail(content: InquiryAnswerMailContent): RenderedMail {
  const { brand, texts, answerText } = content;
  const brandName = singleLine(brand.displayName, 100);
  const operator = singleLine(content.answeredBy ?? '', 100);
  const names = { operator, brand: brandName };
  return renderMail({
    brand,
    texts,
    subject: texts.text('inquiryAnswer.subject', names),
    preview: normalizeBreaks(answerText),
    blocks: [
      greetingBlock(texts, singleLine(content.visitorName ?? '', 100)),
      { kind: 'TEXT', text: answerText },
      { kind: 'SIGNATURE', text: operator === '' ? brandName : texts.text('inquiryAnswer.signature', names) },
      { kind: 'WORDS', label: texts.text('inquiryAnswer.youAsked'), text: content.inquiryText },
    ],
    footer: footerFor(brand, texts, brandName),
  });
}

function footerFor({ supportEmail }: Brand, texts: Texts, brandName: string): string {
  const reason = texts.text('inquiryAnswer.footer', { brand: brandName });
  if (supportEmail === null) return reason;
  return `${reason} ${texts.text('inquiryAnswer.contact', { address: singleLine(supportEmail, 254) })}`;
}
