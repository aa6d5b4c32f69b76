import { type Refusal, refusal } from '../refusal';

/** Cs under the u flag finds lone surrogates only: half a character, which UTF-8 and PostgreSQL cannot hold. */
const LONE_SURROGATE = /\p{Cs}/u;
/** Embeddings, overrides and isolates: they make a name show as another one. */
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;
const LINE_BREAK_OR_CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Z}]/u;

/** Length as the contract counts it: code points, not UTF-16 units. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _point of text) count += 1;
  return count;
}

/** One line of text that is shown to people, of at most `max` code points. Store it trimmed. */
export function checkLine(value: string, max: number, ...path: string[]): Refusal[] {
  const line = value.trim();
  if (LINE_BREAK_OR_CONTROL.test(line)) {
    return [refusal('INVALID', 'This must be a single line without control characters.', ...path)];
  }
  if (BIDI_CONTROL.test(line)) {
    return [refusal('INVALID', 'This must not contain characters that change the direction of text.', ...path)];
  }
  return checkText(line, max, ...path);
}

/** Text of several lines: not blank, at most `max` code points, and something that can be stored. */
export function checkText(value: string, max: number, ...path: string[]): Refusal[] {
  if (!VISIBLE.test(value)) return [refusal('INVALID', 'This must not be blank.', ...path)];
  return checkOptionalText(value, max, ...path);
}

/** Like `checkText`, for text that may be empty. */
export function checkOptionalText(value: string, max: number, ...path: string[]): Refusal[] {
  if (value.includes('\0') || LONE_SURROGATE.test(value)) {
    return [
      refusal(
        'INVALID',
        'This contains a character that cannot be stored (NUL, or half of a surrogate pair).',
        ...path,
      ),
    ];
  }
  // The first comparison spares counting through what is too long by far.
  if (value.length > 2 * max || countCodePoints(value) > max) {
    return [refusal('INVALID', `This must have at most ${max} characters.`, ...path)];
  }
  return [];
}
