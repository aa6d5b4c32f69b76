import { type Refusal, refusal } from '../refusal';

/** RFC 5646, 4.4.1: the longest tag that software is advised to allow for. */
const MAX_LENGTH = 35;

/** A BCP 47 language tag. Store what `canonicalLocale` makes of it. */
export function checkLocale(value: string, ...path: string[]): Refusal[] {
  return canonicalLocale(value) === null
    ? [refusal('INVALID', 'This is not a language tag. It must look like en, es-MX or pt-BR.', ...path)]
    : [];
}

/** The tag in its usual spelling (`PT-br` becomes `pt-BR`), or null when it is none. */
export function canonicalLocale(value: string): string | null {
  if (value.length > MAX_LENGTH) return null;
  try {
    return Intl.getCanonicalLocales(value)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
