import { parseUrl } from '../../../src/domain/validation/parse-url';

describe('parseUrl', () => {
  it.each(['', 'x', 'https://', 'https://a b/', '/path', 'https://[::1'])('of "%s" is null', (text) => {
    expect(parseUrl(text)).toBeNull();
  });

  it('reads names in every alphabet, also after more calls than it takes V8 to optimize it', () => {
    // `URL.canParse` fails here with Node 20: after a few thousand calls it refuses the first name.
    for (let call = 0; call < 100_000; call += 1) parseUrl(`https://example.com/${String(call)}`);
    expect(parseUrl('https://bücher.example/')?.hostname).toBe('xn--bcher-kva.example');
    expect(parseUrl('https://日本.example/')?.hostname).toBe('xn--wgv71a.example');
  });

  it('reads a path against its base', () => {
    expect(parseUrl('/graphql?a=1', 'http://any')?.pathname).toBe('/graphql');
  });
});
