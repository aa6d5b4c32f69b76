import type { AuthorKind } from '../../domain/conversation/states';
import { countCodePoints } from '../../domain/validation/text';
import type { Brand, RenderedMail } from './brand';
import { greetingBlock, type MailBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { renderMail } from './render-mail';
import type { Texts } from './texts';

export interface TranscriptEntry {
  readonly authorKind: AuthorKind;
  /** Null: nobody has told it, or it is nobody's. */
  readonly authorName: string | null;
  readonly text: string;
  readonly createdAt: Date;
}

export interface TranscriptMailContent {
  readonly brand: Brand;
  readonly texts: Texts;
  readonly timeZone: string;
  readonly visitorName: string | null;
  /** What was said last, oldest first. */
  readonly entries: readonly TranscriptEntry[];
  /** How many messages there are, those before `entries` included. */
  readonly count: number;
  /** When the transcript was asked for. */
  readonly at: Date;
}

/** How many messages a mail can have at most. Read no more of them than that. */
export const MAX_TRANSCRIPT_ENTRIES = 100;
/** Of their texts together, in code points. Mail programs cut off a page that is much longer, without a word. */
const MAX_CODE_POINTS = 40_000;
const MAX_NAME = 100;

/** The branded mail that brings a visitor what was said in a conversation: the newest of it, where it is long. Pure. */
export function renderTranscriptMail(content: TranscriptMailContent): RenderedMail {
  const { brand, texts, timeZone, at } = content;
  const brandName = singleLine(brand.displayName, MAX_NAME);
  const shown = newestThatFit(content.entries);
  const leftOut = content.count - shown.length;
  const intro = texts.text('transcript.intro', { brand: brandName, time: texts.time(at, timeZone) });
  const entries = shown.map((entry) => ({
    heading: singleLine(headingOf(entry, texts), MAX_NAME) || brandName,
    detail: texts.time(entry.createdAt, timeZone),
    text: entry.text,
    url: null,
  }));
  return renderMail({
    ...{ brand, texts },
    subject: texts.text('transcript.subject', { brand: brandName }),
    preview: intro,
    blocks: [
      greetingBlock(texts, singleLine(content.visitorName ?? '', MAX_NAME)),
      { kind: 'TEXT', text: intro },
      ...(leftOut > 0
        ? [{ kind: 'NOTE', text: texts.text('transcript.leftOut', { count: leftOut }) } satisfies MailBlock]
        : []),
      { kind: 'ENTRIES', entries },
    ],
    footer: footerFor(brand, texts, brandName),
  });
}

/** What the server says of itself is the brand's. */
function headingOf({ authorKind, authorName }: TranscriptEntry, texts: Texts): string {
  if (authorKind === 'SYSTEM') return '';
  return authorName ?? (authorKind === 'VISITOR' ? texts.text('transcript.you') : '');
}

/** The newest is there in any case: one message alone is short enough. */
function newestThatFit(entries: readonly TranscriptEntry[]): TranscriptEntry[] {
  const shown: TranscriptEntry[] = [];
  let length = 0;
  for (const entry of entries.slice(-MAX_TRANSCRIPT_ENTRIES).reverse()) {
    length += countCodePoints(entry.text);
    if (shown.length > 0 && length > MAX_CODE_POINTS) break;
    shown.unshift(entry);
  }
  return shown;
}

function footerFor({ supportEmail }: Brand, texts: Texts, brandName: string): string {
  const reason = texts.text('transcript.footer', { brand: brandName });
  if (supportEmail === null) return reason;
  return `${reason} ${texts.text('inquiryAnswer.contact', { address: singleLine(supportEmail, 254) })}`;
}
