import { simpleParser } from 'mailparser';
import type { Brand } from '../../../src/delivery/mail/brand';
import { loadCatalogue } from '../../../src/delivery/mail/catalogue';
import type { MailBlock, MailDocument } from '../../../src/delivery/mail/mail-document';
import { renderMail } from '../../../src/delivery/mail/render-mail';

const catalogue = loadCatalogue({ directory: null, log: () => undefined });
const brand: Brand = {
  ...{ displayName: 'Acme', emailFromName: 'Acme', logoUrl: null, primaryColor: null, supportEmail: null },
  dashboardUrl: null,
};

function documentOf(blocks: readonly MailBlock[], change: Partial<MailDocument> = {}): MailDocument {
  const texts = catalogue.textsFor('fr');
  return { brand, texts, subject: 'Sujet', preview: 'Aperçu', blocks, footer: 'Pourquoi', ...change };
}

/** What a reader without pictures and styles sees. */
async function wordsOf(html: string): Promise<string> {
  return (await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`)).text ?? '';
}

const BLOCKS: [string, MailBlock, readonly string[]][] = [
  ['text', { kind: 'TEXT', text: 'one\n\ntwo' }, ['one', 'two']],
  ['a note', { kind: 'NOTE', text: 'aside' }, ['aside']],
  ['a signature', { kind: 'SIGNATURE', text: 'Olga' }, ['Olga']],
  ['words', { kind: 'WORDS', text: 'they said' }, ['they said']],
  ['words of before', { kind: 'WORDS', label: 'Before:', text: 'they said' }, ['Before:', 'they said']],
  ['a link', { kind: 'BUTTON', label: 'Open', url: 'https://a.example/x' }, ['Open', 'https://a.example/x']],
  [
    'entries',
    { kind: 'ENTRIES', entries: [{ heading: 'Vera', detail: '9:41', text: 'hello', url: 'https://a.example/y' }] },
    ['Vera', '9:41', 'hello', 'https://a.example/y'],
  ],
];

describe('renderMail', () => {
  it.each(BLOCKS)('says the same in both forms: %s', async (_, block, words) => {
    const mail = renderMail(documentOf([block]));
    const read = await wordsOf(mail.html);
    for (const word of words)
      expect([mail.text, read]).toEqual([expect.stringContaining(word), expect.stringContaining(word)]);
    expect(mail.text).toMatch(/\n\n-- \nPourquoi\n$/);
    expect(read).toContain('Pourquoi');
  });

  it('puts nothing beside an entry that has no detail, and lines between entries alone', () => {
    const entry = { heading: 'Vera', detail: '', text: 'hello', url: null };
    const { text, html } = renderMail(documentOf([{ kind: 'ENTRIES', entries: [entry, entry, entry] }]));
    expect(text).toContain('Vera\nhello\n\nVera\n');
    expect(html.match(/border-bottom/g)).toHaveLength(2);
  });

  it('names its language and direction', () => {
    expect(renderMail(documentOf([])).html).toContain('<html lang="fr" dir="ltr">');
    const arabic = { ...catalogue.textsFor('en'), language: 'ar', direction: 'rtl' as const };
    const { html } = renderMail(documentOf([{ kind: 'WORDS', text: 'x' }], { texts: arabic }));
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('text-align:right');
    expect(html).toContain('border-right:4px');
  });

  it('is written for both colour schemes, and can be read without the logo', async () => {
    const { html } = renderMail(documentOf([], { brand: { ...brand, logoUrl: 'https://cdn.example/logo.png' } }));
    expect(html).toContain('<meta name="color-scheme" content="light dark" />');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(html).toContain('alt=""');
    expect(await wordsOf(html.replace(/<img[^>]*>/, ''))).toContain('Acme');
  });

  it('has the way out below, and none where it would lead nowhere', () => {
    const footerLink = { label: 'Désactiver', url: 'https://a.example/off' };
    const mail = renderMail(documentOf([], { footerLink }));
    expect(mail.text).toContain('Pourquoi\nDésactiver: https://a.example/off');
    expect(mail.html).toContain('<a href="https://a.example/off"');
    const without = renderMail(documentOf([], { footerLink: { label: 'x', url: 'javascript:alert(1)' } }));
    expect([without.text, without.html]).toEqual([
      expect.not.stringContaining('alert'),
      expect.not.stringContaining('<a '),
    ]);
  });
});
