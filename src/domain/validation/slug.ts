import { type Refusal, refusal } from '../refusal';

const MAX_LENGTH = 60;

/** A short name for addresses: lower-case ASCII letters and digits, single hyphens between them. */
export function checkSlug(value: string, ...path: string[]): Refusal[] {
  return value.length <= MAX_LENGTH && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
    ? []
    : [
        refusal(
          'INVALID',
          `This must be at most ${MAX_LENGTH} lower-case letters and digits, with single hyphens between them.`,
          ...path,
        ),
      ];
}

/** A slug made from a name: without accents and signs. A name that has no Latin letter or digit gives `fallback`. */
export function slugOf(name: string, fallback: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  // Ten less than the limit: room for a number.
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_LENGTH - 10)
    .replace(/-$/, '');
  return slug === '' ? fallback : slug;
}

/** `slug` itself, else the first of slug-2, slug-3 … that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  let candidate = slug;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${slug}-${number}`;
  return candidate;
}
