import type { Brand, RenderedMail } from './brand';
import { greetingBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

export interface TestMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly recipientName: string;
  /** The server that is tested. */
  readonly host: string;
  readonly fromAddress: string;
}

/** The mail by which the mail settings of a workspace are tested: it looks like every other mail of the partner. Pure. */
export function renderTestMail({ brand, texts, recipientName, host, fromAddress }: TestMailContent): RenderedMail {
  const names = { brand: singleLine(brand.displayName, 100), host: singleLine(host, 253) };
  const intro = texts.text('test.intro', names);
  return renderMail({
    ...{ brand, texts },
    subject: texts.text('test.subject', names),
    preview: intro,
    blocks: [
      greetingBlock(texts, singleLine(recipientName, 100)),
      { kind: 'TEXT', text: intro },
      { kind: 'TEXT', text: texts.text('test.detail', { address: singleLine(fromAddress, 254) }) },
    ],
    footer: texts.text('test.footer', names),
  });
}
