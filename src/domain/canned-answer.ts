import { type Refusal, refusal } from './refusal';
import { checkLine, checkText } from './validation/text';

/** What a conversation fills in. */
export const PLACEHOLDERS = ['visitor.name', 'operator.name', 'agent.name', 'organization.name'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Null: there is none, or nobody has told it. */
export type PlaceholderValues = Readonly<Record<Placeholder, string | null>>;

export interface FilledText {
  readonly text: string;
  /** Placeholders with neither a value nor a text instead: nothing stands in their places. Each once. */
  readonly missing: readonly Placeholder[];
}

/**
 * Together less than a message may have: a name has at most 200 code points, so that a text that could be stored can
 * always be sent, whoever is named in it.
 */
const MAX_CODE_POINTS = 4000;
const MAX_PLACEHOLDERS = 20;

const SHORTCUT = /^\/[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,39}$/u;
/** `{{visitor.name}}`, or `{{visitor.name|there}}` with what stands there when there is no value. */
const PLACE = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

/** What is stored: so written, two that differ in case alone are the same. */
export function canonicalShortcut(shortcut: string): string {
  return shortcut.trim().normalize('NFC').toLowerCase();
}

export function checkShortcut(shortcut: string, ...path: string[]): Refusal[] {
  if (SHORTCUT.test(canonicalShortcut(shortcut))) return [];
  const message =
    'A shortcut is a slash and up to 40 letters, digits, hyphens or underscores, such as /refund; a letter or digit comes first.';
  return [refusal('INVALID', message, ...path)];
}

export function checkTitle(title: string, ...path: string[]): Refusal[] {
  return checkLine(title, 100, ...path);
}

/** A text with placeholders. One that nothing fills would be sent to a visitor as it stands: it is refused. */
export function checkCannedText(text: string, ...path: string[]): Refusal[] {
  const invalid = checkText(text, MAX_CODE_POINTS, ...path);
  if (invalid.length > 0) return invalid;
  const names = [...text.matchAll(PLACE)].map(([, name = '']) => name.trim());
  const unknown = names.find((name) => !isPlaceholder(name));
  if (unknown !== undefined) {
    const known = PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ');
    return [refusal('INVALID', `Nothing fills {{${unknown.slice(0, 50)}}}. There are ${known}.`, ...path)];
  }
  if (text.replace(PLACE, '').includes('{{')) {
    return [refusal('INVALID', 'A placeholder begins here and does not end: write it as {{visitor.name}}.', ...path)];
  }
  if (names.length > MAX_PLACEHOLDERS) {
    return [refusal('INVALID', `A text can have at most ${MAX_PLACEHOLDERS} placeholders.`, ...path)];
  }
  return [];
}

/** Fills each place once: braces in a value mean nothing. Plain text in, plain text out. */
export function fillPlaceholders(text: string, values: PlaceholderValues): FilledText {
  const missing = new Set<Placeholder>();
  const filled = text.replace(PLACE, (place, name: string, instead: string | undefined) => {
    const placeholder = name.trim();
    if (!isPlaceholder(placeholder)) return place;
    const value = values[placeholder] ?? instead;
    if (value === undefined) missing.add(placeholder);
    return value ?? '';
  });
  return { text: filled, missing: [...missing] };
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}
