import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { canonicalLocale } from '../../domain/validation/locale';
import type { MailLog } from './mail-transport';
import { createTexts, placeholdersOf, type TextEntries, type TextEntry, type TextKey, type Texts } from './texts';

/** Every language that mails can be written in. */
export interface Catalogue {
  /** Canonical tags, in alphabetical order. */
  readonly languages: readonly string[];
  /**
   * The words for the first of these tags whose language is there, without its region where the region is not; English
   * when there is none. Null and undefined are nobody's wish.
   */
  textsFor(...wanted: readonly (string | null | undefined)[]): Texts;
}

/** A file of texts that cannot be used. The message is one line that names the file and says what to do. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
}

export interface CatalogueOptions {
  /** A folder with files such as nl.json beside our own, over which they are laid. Null: there is none. */
  readonly directory: string | null;
  readonly log: MailLog;
}

const BUNDLED = join(__dirname, 'locales');
const FALLBACK = 'en';
const form = z.string().max(2000);
const plural = z.strictObject({
  ...{ zero: form.optional(), one: form.optional(), two: form.optional() },
  ...{ few: form.optional(), many: form.optional(), other: form },
});
const file = z.record(z.string(), z.union([form, plural]));

/**
 * Reads all of them once. What a file lacks is English, and the log says so.
 *
 * @throws CatalogueError for a file that is no catalogue, or holds a text with placeholders that nothing fills
 */
export function loadCatalogue({ directory, log }: CatalogueOptions): Catalogue {
  const languages = readFolder(BUNDLED);
  const english = languages.get(FALLBACK) ?? {};
  for (const [language, entries] of directory === null ? [] : readFolder(directory)) {
    checkEntries(language, entries, english, log);
    languages.set(language, { ...languages.get(language), ...entries });
  }
  for (const language of languages.keys()) warnOfMissing(language, languages, log);
  const cache = new Map<string, Texts>();
  return {
    languages: [...languages.keys()].sort(),
    textsFor: (...wanted) => {
      for (const tag of [...wanted, FALLBACK]) {
        const region = tag == null ? null : canonicalLocale(tag);
        const chain = region === null ? [] : chainOf(region, languages);
        if (region === null || chain[0] === undefined) continue;
        const known = cache.get(region);
        if (known !== undefined) return known;
        const texts = createTexts(chain[0], region, layersOf(chain, languages));
        // Tags are anybody's to choose: what is kept of them has a bound.
        if (cache.size < 500) cache.set(region, texts);
        return texts;
      }
      throw new Error('English is missing.');
    },
  };
}

/** Of `pt-BR`: `pt-BR` and `pt`, those that are there (RFC 4647, lookup). */
function chainOf(tag: string, languages: ReadonlyMap<string, TextEntries>): string[] {
  const parts = tag.split('-');
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('-')).filter((each) => languages.has(each));
}

function layersOf(chain: readonly string[], languages: ReadonlyMap<string, TextEntries>): TextEntries[] {
  return [...chain, FALLBACK].map((language) => languages.get(language) ?? {});
}

function readFolder(directory: string): Map<string, TextEntries> {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch (error) {
    throw new CatalogueError(`the folder of texts cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`);
  }
  return new Map(names.map((name) => [languageOf(name), readFile(join(directory, name), name)]));
}

function languageOf(name: string): string {
  const language = canonicalLocale(basename(name, '.json'));
  if (language === null) throw new CatalogueError(`${name} must be named like a language tag, such as nl.json.`);
  return language;
}

function readFile(path: string, name: string): TextEntries {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new CatalogueError(`${name} is not JSON.`);
  }
  const parsed = file.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CatalogueError(
    `${name} must map names to texts, or to their plural forms with at least "other"; ${issue?.path.join('.') ?? ''} does not.`,
  );
}

/** A name that nobody asks for is a slip of the pen, and harmless; a placeholder that nobody fills would be mailed. */
function checkEntries(language: string, entries: TextEntries, english: TextEntries, log: MailLog): void {
  for (const [key, entry] of Object.entries(entries) as [TextKey, TextEntry][]) {
    const original = english[key];
    if (original === undefined) {
      log({ language, key }, 'a text of BATON_LOCALES_DIR has a name that no mail asks for');
      continue;
    }
    const known = placeholdersOf(original);
    const strange = placeholdersOf(entry).find((name) => !known.includes(name));
    if (strange === undefined) continue;
    const choice = known.map((name) => `{${name}}`).join(', ') || 'none';
    throw new CatalogueError(`${language}.json: the text ${key} may hold ${choice}, and not {${strange}}.`);
  }
}

function warnOfMissing(language: string, languages: ReadonlyMap<string, TextEntries>, log: MailLog): void {
  const own = layersOf(chainOf(language, languages), languages).slice(0, -1);
  const missing = Object.keys(languages.get(FALLBACK) ?? {}).filter((key) =>
    own.every((entries) => entries[key as TextKey] === undefined),
  );
  if (missing.length > 0) log({ language, missing }, 'texts of mails are missing in a language; they stay English');
}
