import { checkFileCount } from '../attachment/check-attachment';
import { type Refusal, refusal } from '../refusal';

/** Code points, not UTF-16 units: what a person would count. */
export const MAX_MESSAGE_CODE_POINTS = 8000;

/**
 * Plain text or Markdown source. Refused: blank, over-long, NUL (PostgreSQL cannot store it) and lone surrogates
 * (no UTF-8 exists for them). Line breaks and everything else are the writer's own.
 */
export function checkMessageText(text: string, path: string): Refusal[] {
  if (text.trim() === '') return [refusal('INVALID', 'Write something first: the text is empty.', path)];
  if (text.includes('\0')) return [refusal('INVALID', 'The text contains a NUL character. Remove it.', path)];
  if (!text.isWellFormed()) return [refusal('INVALID', 'The text is not valid Unicode. Send it again.', path)];
  if (exceedsCodePoints(text, MAX_MESSAGE_CODE_POINTS)) {
    return [refusal('INVALID', `The text is longer than ${MAX_MESSAGE_CODE_POINTS} characters. Shorten it.`, path)];
  }
  return [];
}

/** What a message says and carries: files may stand alone, without a text. */
export function checkMessageContent(message: {
  readonly text: string;
  readonly attachmentIds?: readonly string[];
}): Refusal[] {
  const { text, attachmentIds = [] } = message;
  const isTextNeeded = attachmentIds.length === 0 || text.trim() !== '';
  return [...(isTextNeeded ? checkMessageText(text, 'text') : []), ...checkFileCount(attachmentIds)];
}

/** The same for a note that may be missing or empty. */
export function checkOptionalText(text: string | null, max: number, path: string): Refusal[] {
  if (text === null) return [];
  if (text.includes('\0') || !text.isWellFormed()) {
    return [refusal('INVALID', 'The text is not valid Unicode. Send it again.', path)];
  }
  return exceedsCodePoints(text, max)
    ? [refusal('INVALID', `The text is longer than ${max} characters. Shorten it.`, path)]
    : [];
}

/** A nonce or an idempotency key: the caller's own, any printable text of up to 200 characters. */
export function checkNonce(nonce: string, path: string): Refusal[] {
  const printable = /^[\x20-\x7e]{1,200}$/.test(nonce);
  return printable ? [] : [refusal('INVALID', 'Send 1 to 200 printable ASCII characters, for example a UUID.', path)];
}

function exceedsCodePoints(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > max * 2 || [...text].length > max;
}

/** The text as far as it may be one message: what nobody can store or would read is left out. */
export function fitMessageText(text: string): string {
  const clean = text.replaceAll('\0', '').toWellFormed().trim();
  if (!exceedsCodePoints(clean, MAX_MESSAGE_CODE_POINTS)) return clean;
  return `${[...clean].slice(0, MAX_MESSAGE_CODE_POINTS - 1).join('')}…`;
}
