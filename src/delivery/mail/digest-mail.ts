import { webUrl, type Brand, type RenderedMail } from './brand';
import { greetingBlock, type MailBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { normalizeBreaks } from './plain-text';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

export interface DigestMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly recipientName: string;
  readonly lines: readonly { readonly title: string; readonly body: string }[];
}

/** A mail of a thousand lines is read by nobody; the bell has them all. */
const MAX_LINES = 50;

export function digestTitle(texts: Texts, count: number): string {
  return texts.text('digest.title', { count });
}

/** The one mail that replaces all that quiet hours have held back. Pure. */
export function renderDigestMail({ brand, texts, recipientName, lines }: DigestMailContent): RenderedMail {
  const entries = lines.slice(0, MAX_LINES).map(({ title, body }) => {
    return { heading: singleLine(title, 200), detail: '', text: normalizeBreaks(body), url: null };
  });
  const rest = lines.length - entries.length;
  const url = webUrl(brand.dashboardUrl);
  const intro = texts.text('digest.intro');
  return renderMail({
    ...{ brand, texts },
    subject: digestTitle(texts, lines.length),
    preview: entries.map(({ heading }) => heading).join(' · '),
    blocks: [
      greetingBlock(texts, singleLine(recipientName, 100)),
      { kind: 'TEXT', text: intro },
      { kind: 'ENTRIES', entries },
      ...(rest > 0 ? [{ kind: 'TEXT', text: texts.text('digest.more', { count: rest }) } satisfies MailBlock] : []),
      ...(url === null ? [] : [{ kind: 'BUTTON', label: texts.text('digest.action'), url } satisfies MailBlock]),
    ],
    footer: texts.text('digest.footer', { brand: singleLine(brand.displayName, 100) }),
  });
}
