import type { Brand, RenderedMail } from './brand';
import { greetingBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import type { Texts } from './texts';
import { renderTokenMail } from './token-mail';

export interface PasswordResetMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly recipientName: string;
  readonly token: string;
  /** For how many hours it works. */
  readonly hours: number;
}

/** The branded mail that lets somebody choose another password; without a dashboard it brings the code itself. Pure. */
export function renderPasswordResetMail(content: PasswordResetMailContent): RenderedMail {
  const { brand, texts, token, hours } = content;
  const names = { brand: singleLine(brand.displayName, 100) };
  const intro = texts.text('passwordReset.intro');
  return renderTokenMail({
    ...{ brand, texts, token, path: 'password-reset' },
    subject: texts.text('passwordReset.subject', names),
    intro: [greetingBlock(texts, singleLine(content.recipientName, 100)), { kind: 'TEXT', text: intro }],
    preview: intro,
    action: texts.text('passwordReset.action'),
    limit: texts.text('passwordReset.limit', { count: hours }),
    footer: texts.text('passwordReset.footer', names),
  });
}
