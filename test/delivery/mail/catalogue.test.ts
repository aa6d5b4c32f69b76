import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, CatalogueError, loadCatalogue } from '../../../src/delivery/mail/catalogue';
import english from '../../../src/delivery/mail/locales/en.json';
import french from '../../../src/delivery/mail/locales/fr.json';
import german from '../../../src/delivery/mail/locales/de.json';
import portuguese from '../../../src/delivery/mail/locales/pt.json';
import spanish from '../../../src/delivery/mail/locales/es.json';
import { placeholdersOf, type TextEntry } from '../../../src/delivery/mail/texts';

type Entries = Readonly<Record<string, TextEntry>>;
const LANGUAGES: Readonly<Record<string, Entries>> = {
  ...{ en: english, es: spanish, de: german, fr: french, pt: portuguese },
};

const folders: string[] = [];
const warnings: [object, string][] = [];
afterEach(() => {
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
  warnings.length = 0;
});

/** The catalogue with these files of a partner. */
function loadWith(files: Readonly<Record<string, unknown>>): Catalogue {
  const directory = mkdtempSync(join(tmpdir(), 'baton-locales-'));
  folders.push(directory);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return loadCatalogue({ directory, log: (fields, message) => warnings.push([fields, message]) });
}

describe.each(Object.entries(LANGUAGES))('our words in %s', (language, entries) => {
  it('have every text, with the same placeholders', () => {
    expect(Object.keys(entries).toSorted()).toEqual(Object.keys(english).toSorted());
    const placeholders = Object.entries(entries).map(([key, entry]) => [key, placeholdersOf(entry)]);
    const originals: Entries = english;
    expect(placeholders).toEqual(Object.keys(entries).map((key) => [key, placeholdersOf(originals[key]!)]));
  });

  it('have every plural form of the language, and no blank text', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const entry of Object.values(entries)) {
      if (typeof entry !== 'string') expect(Object.keys(entry).toSorted()).toEqual(forms);
      for (const text of typeof entry === 'string' ? [entry] : Object.values(entry)) expect(text.trim()).not.toBe('');
    }
  });
});

describe('a folder of further languages', () => {
  it.each([
    ['a file that is not JSON', { 'nl.json': 'hallo' }, 'nl.json is not JSON.'],
    ['a name that is no language', { 'not_a_tag.json': {} }, 'not_a_tag.json must be named like a language tag'],
    ['a list', { 'nl.json': [] }, 'nl.json must map names to texts'],
    ['a number for a text', { 'nl.json': { greeting: 1 } }, 'greeting does not'],
    ['plural forms without "other"', { 'nl.json': { 'passwordReset.limit': { one: 'x' } } }, 'does not'],
    [
      'a placeholder that nothing fills',
      { 'nl.json': { greeting: 'Hallo {naam},' } },
      'nl.json: the text greeting may hold {name}, and not {naam}.',
    ],
  ])('is refused for %s', (_, files, message) => {
    expect(() => loadWith(files)).toThrow(CatalogueError);
    expect(() => loadWith(files)).toThrow(message);
  });

  it('is refused when it is not there', () => {
    expect(() => loadCatalogue({ directory: '/nowhere/at/all', log: () => undefined })).toThrow(CatalogueError);
  });

  it('adds a language; what it lacks is English, and the log says so', () => {
    const catalogue = loadWith({ 'nl.json': { greeting: 'Hallo {name},', nonsense: 'x' } });
    const texts = catalogue.textsFor('nl-BE');
    expect([texts.language, texts.text('greeting', { name: 'Ana' })]).toEqual(['nl', 'Hallo Ana,']);
    expect(texts.text('openConversation')).toBe('Open the conversation');
    const missing = Object.keys(english).filter((key) => key !== 'greeting');
    expect(warnings.map(([fields]) => fields)).toEqual([
      { language: 'nl', key: 'nonsense' },
      { language: 'nl', missing },
    ]);
  });

  it('lays its words over ours, and a region over its language', () => {
    const catalogue = loadWith({
      'de.json': { greeting: 'Moin {name},' },
      'de-AT.json': { greeting: 'Servus {name},' },
    });
    const greet = (tag: string): string => catalogue.textsFor(tag).text('greeting', { name: 'Ana' });
    expect([greet('de'), greet('de-CH'), greet('de-AT')]).toEqual(['Moin Ana,', 'Moin Ana,', 'Servus Ana,']);
    expect(catalogue.textsFor('de-AT').text('openConversation')).toBe('Gespräch öffnen');
    expect(warnings).toEqual([]);
  });

  it('writes from right to left where the language does', () => {
    expect(loadWith({ 'ar.json': {} }).textsFor('ar-EG').direction).toBe('rtl');
  });
});

describe('textsFor', () => {
  const catalogue = loadCatalogue({ directory: null, log: (fields, message) => warnings.push([fields, message]) });

  it('knows five languages without any folder, and has nothing to warn of', () => {
    expect(catalogue.languages).toEqual(['de', 'en', 'es', 'fr', 'pt']);
    expect(warnings).toEqual([]);
  });

  it.each([
    [['pt-BR', 'de'], 'pt'],
    [[null, undefined, 'ES'], 'es'],
    [['ja', 'fr-CA'], 'fr'],
    [['no tag at all', 'x'.repeat(50)], 'en'],
    [[], 'en'],
  ])('of %j is in %s', (wanted, language) => {
    expect(catalogue.textsFor(...wanted).language).toBe(language);
  });

  it('counts in the forms of the language', () => {
    const limit = (tag: string, count: number): string =>
      catalogue.textsFor(tag).text('passwordReset.limit', { count });
    expect(limit('en', 1)).toContain('for one hour');
    expect(limit('en', 1200)).toContain('for 1,200 hours');
    expect(limit('de', 1200)).toContain('1.200 Stunden');
    expect(limit('fr', 0)).toContain('une heure');
  });

  it('tells times in the zone and the manner of the reader', () => {
    const at = new Date('2026-11-26T23:30:00Z');
    expect(catalogue.textsFor('de').time(at, 'Europe/Berlin')).toMatch(/27\. November 2026.*00:30/);
    expect(catalogue.textsFor('en-US').time(at, 'America/New_York')).toMatch(/November 26, 2026.*06:30 PM EST/);
  });
});
