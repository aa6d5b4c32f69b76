import type english from './locales/en.json';

/** Names of the texts: English has every one of them. */
export type TextKey = keyof typeof english;

/** One text, or one for each plural form of `{count}`, by the names of Intl.PluralRules. */
export type TextEntry = string | (Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string });
export type TextEntries = Readonly<Partial<Record<TextKey, TextEntry>>>;

export type TextValues = Readonly<Record<string, string | number>>;

/** The words of mails in one language. */
export interface Texts {
  /** BCP 47, for `lang`: of the words, not of who asked for them. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** Plain text with `{name}` replaced by `values.name`. It is escaped where it is put into a page, never here. */
  text(key: TextKey, values?: TextValues): string;
  /** Date and time of day as people of that language write them, with the zone. */
  time(at: Date, timeZone: string): string;
}

const PLACEHOLDER = /\{(\w+)\}/g;
const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/**
 * @param language whose words they are
 * @param region the tag that was asked for: it decides how numbers and dates look
 * @param layers the first that has a text decides; the last has all
 */
export function createTexts(language: string, region: string, layers: readonly TextEntries[]): Texts {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(region);
  const shown = (value: string | number): string => (typeof value === 'number' ? numbers.format(value) : value);
  return {
    language,
    direction: RIGHT_TO_LEFT.has(new Intl.Locale(language).language) ? 'rtl' : 'ltr',
    text: (key, values = {}) => {
      const entry = layers.map((layer) => layer[key]).find((found) => found !== undefined);
      if (entry === undefined) throw new Error(`There is no text ${key}.`);
      const form = typeof entry === 'string' ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other);
      // A function: "$&" in a name means nothing here.
      return form.replace(PLACEHOLDER, (_whole, name: string) => shown(values[name] ?? ''));
    },
    time: (at, timeZone) =>
      new Intl.DateTimeFormat(region, {
        ...{ year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' },
        ...{ timeZone, timeZoneName: 'short' },
      }).format(at),
  };
}

/** The names in braces, of every plural form together, in alphabetical order. */
export function placeholdersOf(entry: TextEntry): string[] {
  const forms = typeof entry === 'string' ? [entry] : Object.values(entry);
  const names = forms.flatMap((form) => [...form.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}
