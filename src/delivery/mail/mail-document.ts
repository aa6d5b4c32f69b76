import type { Brand } from './brand';
import type { Texts } from './texts';

/**
 * One part of a mail, in plain text. `WORDS` are somebody else's, set apart from ours; with a label they were said
 * before, and are quoted. `ENTRIES` are a list of things that happened, such as messages or conversations.
 */
export type MailBlock =
  | { readonly kind: 'TEXT' | 'NOTE' | 'SIGNATURE'; readonly text: string }
  | { readonly kind: 'WORDS'; readonly text: string; readonly label?: string }
  | { readonly kind: 'BUTTON'; readonly label: string; readonly url: string }
  | { readonly kind: 'ENTRIES'; readonly entries: readonly MailEntry[] };

export interface MailEntry {
  /** Whose it is, or what it is about. */
  readonly heading: string;
  /** Beside the heading: when, or how many. */
  readonly detail: string;
  readonly text: string;
  /** Where it can be read. Null: nowhere. */
  readonly url: string | null;
}

/** What a mail says, before it is laid out: the same for the page and for the plain text. Nothing in it is markup. */
export interface MailDocument {
  readonly brand: Brand;
  readonly texts: Texts;
  /** Also the headline. */
  readonly subject: string;
  /** What mail programs show beside the subject. */
  readonly preview: string;
  readonly blocks: readonly MailBlock[];
  /** Why the reader gets it. */
  readonly footer: string;
  /** The way to get no more of them. */
  readonly footerLink?: { readonly label: string; readonly url: string } | null;
}

/** "Hello Ana,", as a block. */
export function greetingBlock(texts: Texts, name: string): MailBlock {
  return { kind: 'TEXT', text: name === '' ? texts.text('greetingWithoutName') : texts.text('greeting', { name }) };
}
