import { canonicalHost, checkHost } from '../../../src/domain/validation/host';

describe('canonicalHost', () => {
  it.each([
    [''],
    [' '],
    ['.'],
    ['localhost'],
    ['intranet:8080'],
    ['127.0.0.1'],
    ['0x7f.1'],
    ['2130706433'],
    ['example.123'],
    ['[::1]'],
    ['[::1]:443'],
    ['https://shop.example.com'],
    ['shop.example.com/path'],
    ['shop.example.com\\path'],
    ['shop.example.com?a'],
    ['shop.example.com#a'],
    ['user@shop.example.com'],
    ['shop.example.com:port'],
    ['shop.example.com:65536'],
    ['shop..example.com'],
    ['shop.example.com..'],
    ['-shop.example.com'],
    ['shop-.example.com'],
    ['shop_1.example.com'],
    ['*.example.com'],
    ['sh%6fp.example.com'],
    ['shop.example.com\n'],
    ['sh\u00adop.example.com'],
    ['shop.exam\0ple.com'],
    ['\u202eshop.example.com'],
    ['\ud800.example.com'],
    ['xn--zzzzzzzz99.example.com'],
    [`${'a'.repeat(64)}.example.com`],
    [`${'a.'.repeat(130)}com`],
    ['a'.repeat(1_000_000)],
  ])('finds none in %j', (text) => {
    expect(canonicalHost(text)).toBeNull();
    expect(checkHost(text, 'hosts', '0')).toMatchObject([{ code: 'INVALID', path: ['hosts', '0'] }]);
  });

  it.each([
    ['shop.example.com', 'shop.example.com'],
    ['Shop.EXAMPLE.com', 'shop.example.com'],
    ['shop.example.com:8443', 'shop.example.com'],
    ['shop.example.com:443', 'shop.example.com'],
    ['shop.example.com.', 'shop.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BU\u0308CHER.example:80', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['店。example', 'xn--hxt.example'],
    ['a1.b-2.example', 'a1.b-2.example'],
  ])('of %j is %j, and stays that', (text, host) => {
    expect(canonicalHost(text)).toBe(host);
    expect(canonicalHost(host)).toBe(host);
    expect(checkHost(text, 'hosts', '0')).toEqual([]);
  });
});
