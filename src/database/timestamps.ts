import { types } from 'pg';

const TIMESTAMPTZ: number = types.builtins.TIMESTAMPTZ;
type Parse = (text: string) => unknown;

/** As PostgreSQL writes an instant where the session is in UTC: 2026-03-01 09:30:00.123456+00 */
const LENGTH_OF_SECONDS = '2026-03-01 09:30:00'.length;
const END = '+00';

/**
 * The parsers of `pg`, but for instants: a page of fifty conversations with their people has four hundred of them, and
 * the general parser tries several patterns on each (4 % of its CPU). Whatever looks different is still left to it.
 */
export const TYPES = {
  getTypeParser: (oid: number, format: 'text' | 'binary' = 'text'): Parse => {
    const parse = (types.getTypeParser as (type: number, form: string) => Parse)(oid, format);
    return oid === TIMESTAMPTZ && format === 'text' ? (text) => instantOf(text) ?? parse(text) : parse;
  },
};

/** Null: it is written in another way. */
export function instantOf(text: string): Date | null {
  const end = text.length - END.length;
  if (!text.endsWith(END) || end < LENGTH_OF_SECONDS || text[4] !== '-' || text[7] !== '-' || text[13] !== ':')
    return null;
  const milliseconds = millisecondsAt(text, LENGTH_OF_SECONDS, end);
  const instant = Date.UTC(
    numberAt(text, 0, 4),
    numberAt(text, 5, 7) - 1,
    numberAt(text, 8, 10),
    numberAt(text, 11, 13),
    numberAt(text, 14, 16),
    numberAt(text, 17, 19),
    milliseconds,
  );
  // JavaScript takes the years before 100 for others.
  return Number.isNaN(instant) || text.startsWith('00') ? null : new Date(instant);
}

/** NaN where a letter is no digit. */
function numberAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Of `.123456`: what is finer than a Date is cut off, as `pg` does. */
function millisecondsAt(text: string, from: number, end: number): number {
  if (from === end) return 0;
  if (text[from] !== '.') return Number.NaN;
  const digits = Math.min(end - from - 1, 3);
  return numberAt(text, from + 1, from + 1 + digits) * 10 ** (3 - digits);
}
