import type { Brand } from '../../../src/delivery/mail/brand';
import { loadCatalogue } from '../../../src/delivery/mail/catalogue';
import {
  MAX_TRANSCRIPT_ENTRIES,
  renderTranscriptMail,
  type TranscriptEntry,
  type TranscriptMailContent,
} from '../../../src/delivery/mail/transcript-mail';

const catalogue = loadCatalogue({ directory: null, log: () => undefined });
const brand: Brand = {
  ...{ displayName: 'Fine Shoes', logoUrl: null, primaryColor: null, supportEmail: null },
  ...{ emailFromName: 'Fine Shoes', dashboardUrl: null },
};
const at = new Date('2026-03-05T09:30:00Z');
const said = (text: string, authorKind: TranscriptEntry['authorKind'] = 'VISITOR'): TranscriptEntry => {
  const names = { VISITOR: null, AI: 'Fern', OPERATOR: 'Ada', SYSTEM: null };
  return { authorKind, authorName: names[authorKind], text, createdAt: at };
};
const render = (content: Partial<TranscriptMailContent>, language = 'en') =>
  renderTranscriptMail({
    ...{ brand, texts: catalogue.textsFor(language), timeZone: 'UTC', visitorName: 'Vera', at },
    ...{ entries: [said('Hello')], count: content.entries?.length ?? 1, ...content },
  });

describe('the mail of a transcript', () => {
  it('tells who said what, oldest first; what the server said is the brand’s', () => {
    const entries = [said('One'), said('Two', 'AI'), said('Three', 'SYSTEM'), said('Four', 'OPERATOR')];
    const { subject, text, html } = render({ entries });
    expect(subject).toBe('Your conversation with Fine Shoes');
    expect(text).toMatch(/You \(.+\)\nOne\n\nFern \(.+\)\nTwo\n\nFine Shoes \(.+\)\nThree\n\nAda \(.+\)\nFour\n/);
    expect(html.match(/class="entry"/g)).toHaveLength(4);
    expect(text).not.toContain('left out');
  });

  it('is written in every language', () => {
    const subjects = catalogue.languages.map((language) => render({}, language).subject);
    expect(new Set(subjects).size).toBe(catalogue.languages.length);
  });

  it('takes what people wrote for nothing but text', () => {
    const evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{brandName}}{brand}\r\nBcc: evil@evil.test';
    const entry: TranscriptEntry = { authorKind: 'VISITOR', authorName: evil, text: evil, createdAt: at };
    const { html, subject } = render({ entries: [entry], visitorName: evil, brand: { ...brand, displayName: evil } });
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>[^&]*</);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('{{brandName}}');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('has the newest hundred, and says how many are left out', () => {
    const entries = Array.from({ length: 120 }, (_, index) => said(`number ${index + 1}.`));
    const { text, html } = render({ entries, count: 1240 });
    expect(html.match(/class="entry"/g)).toHaveLength(MAX_TRANSCRIPT_ENTRIES);
    expect(text).toContain('1,140 earlier messages are left out.');
    expect(text).not.toContain('number 20.');
    expect(text).toContain('number 21.');
    expect(text).toContain('number 120.');
  });

  it('is bounded in size, and has the last message in any case', () => {
    const long = '<'.repeat(8000);
    const { text, html } = render({ entries: [said('first'), ...Array.from({ length: 50 }, () => said(long))] });
    expect(text).toContain('46 earlier messages are left out.');
    expect(Buffer.byteLength(html)).toBeLessThan(200_000);
    const one = render({ entries: [said('x'.repeat(50_000))], count: 2 });
    expect(one.text).toContain('1 earlier message is left out.');
    expect(one.html.match(/class="entry"/g)).toHaveLength(1);
  });
});
