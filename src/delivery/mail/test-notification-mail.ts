import type { Brand, RenderedMail } from './brand';
import { greetingBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

export interface TestNotificationMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly recipientName: string;
}

/** The mail by which somebody sees that notifications reach them. Pure. */
export function renderTestNotificationMail({ brand, texts, recipientName }: TestNotificationMailContent): RenderedMail {
  const names = { brand: singleLine(brand.displayName, 100) };
  const intro = texts.text('testNotification.intro', names);
  return renderMail({
    ...{ brand, texts },
    subject: texts.text('testNotification.subject', names),
    preview: intro,
    blocks: [greetingBlock(texts, singleLine(recipientName, 100)), { kind: 'TEXT', text: intro }],
    footer: texts.text('testNotification.footer', names),
  });
}
