import { visibleText } from '../../src/inbound/visible-text';

describe('the visible text of a mail', () => {
  it.each([
    [
      'Works, thanks!\r\n\r\nOn Mon, Nov 23, 2026 at 9:00 AM Acme <reply+x@in.example.com> wrote:\r\n> Try again.\r\n> Acme',
    ],
    ['Works, thanks!\n\nAm 23.11.2026 um 09:00 schrieb Acme <reply+x@in.example.com>:\n\n> Try again.'],
    ['Works, thanks!\n-- \nVera Visitor\nPhone 123'],
    ['Works, thanks!\n\nSent from my iPhone'],
  ])('is what was written, without quote and signature: %j', async (text) => {
    expect(await visibleText(text)).toBe('Works, thanks!');
  });

  it('is all of it where nothing else would be left', async () => {
    expect(await visibleText('> I answer inside of the quote.\n')).toBe('> I answer inside of the quote.');
    expect(await visibleText(' ')).toBe('');
  });

  it('is all of it where the patterns would take a minute', async () => {
    const hostile = `Am ${'a@'.repeat(14_000)} schrieb`;
    expect(await visibleText(hostile)).toBe(hostile);
  });
});
