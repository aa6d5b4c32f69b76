import { brandColors, type RenderedMail, webUrl } from './brand';
import type { MailBlock, MailDocument, MailEntry } from './mail-document';
import { singleLine } from './outgoing-mail';
import { normalizeBreaks, paragraphsOf } from './plain-text';
import { templateOf } from './templates';

const MAX_PREVIEW = 120;
const MAX_FOOTER = 400;

const page = templateOf('mail');

/** Lays a mail out as a page and as plain text. Pure. */
export function renderMail(document: MailDocument): RenderedMail {
  return { subject: document.subject, text: toText(document), html: toPage(document) };
}

function toPage({ brand, texts, subject, preview, blocks, footer, footerLink }: MailDocument): string {
  const { background, foreground } = brandColors(brand);
  const isLeftToRight = texts.direction === 'ltr';
  return page({
    language: texts.language,
    direction: texts.direction,
    start: isLeftToRight ? 'left' : 'right',
    end: isLeftToRight ? 'right' : 'left',
    subject,
    preview: singleLine(preview, MAX_PREVIEW),
    brandName: singleLine(brand.displayName, 100),
    logoUrl: webUrl(brand.logoUrl),
    background,
    foreground,
    blocks: blocks.map(toView).filter((view) => view !== null),
    footer,
    footerLink: linkView(footerLink ?? null),
  });
}

/** One flag is set; the others are there, because the template is strict. */
const NO_KIND = { isText: false, isNote: false, isSignature: false, isWords: false, isButton: false, isEntries: false };

function toView(block: MailBlock): object | null {
  switch (block.kind) {
    case 'TEXT':
      return { ...NO_KIND, isText: true, paragraphs: paragraphsOf(block.text) };
    case 'NOTE':
      return { ...NO_KIND, isNote: true, paragraphs: paragraphsOf(block.text) };
    case 'SIGNATURE':
      return { ...NO_KIND, isSignature: true, text: block.text };
    case 'WORDS':
      return { ...NO_KIND, isWords: true, label: block.label ?? null, paragraphs: paragraphsOf(block.text) };
    case 'ENTRIES':
      return { ...NO_KIND, isEntries: true, entries: block.entries.map(entryView) };
    case 'BUTTON': {
      const link = linkView(block);
      return link && { ...NO_KIND, isButton: true, ...link };
    }
  }
}

function entryView({ heading, detail, text, url }: MailEntry): object {
  return { heading, detail, paragraphs: paragraphsOf(text), url: webUrl(url) };
}

function linkView(link: { readonly label: string; readonly url: string } | null): object | null {
  const url = webUrl(link?.url ?? null);
  return link === null || url === null ? null : { label: link.label, url };
}

function toText({ blocks, footer, footerLink }: MailDocument): string {
  const parts = blocks.map(blockText).filter((part) => part !== '');
  const link = footerLink && webUrl(footerLink.url) !== null ? `\n${footerLink.label}: ${footerLink.url}` : '';
  return `${[...parts, `-- \n${singleLine(footer, MAX_FOOTER)}${link}`].join('\n\n')}\n`;
}

function blockText(block: MailBlock): string {
  switch (block.kind) {
    case 'WORDS':
      return block.label === undefined ? normalizeBreaks(block.text) : `${block.label}\n${quoted(block.text)}`;
    case 'BUTTON':
      return webUrl(block.url) === null ? '' : `${block.label}:\n${block.url}`;
    case 'ENTRIES':
      return block.entries.map(entryText).join('\n\n');
    default:
      return normalizeBreaks(block.text);
  }
}

function entryText({ heading, detail, text, url }: MailEntry): string {
  const link = webUrl(url);
  const beside = detail === '' ? '' : ` (${singleLine(detail, 100)})`;
  const lines = [`${singleLine(heading, 200)}${beside}`, normalizeBreaks(text), link ?? ''];
  return lines.filter((line) => line !== '').join('\n');
}

function quoted(text: string): string {
  const lines = normalizeBreaks(text).split('\n');
  return lines.map((line) => `> ${line}`.trimEnd()).join('\n');
}
