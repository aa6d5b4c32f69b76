import { clientAddressOf, clientKeyOf } from '../../src/limits/client-address';

const seen = (trusted: Parameters<typeof clientAddressOf>[1], address: string | undefined, forwardedFor?: string) =>
  clientAddressOf({ address, forwardedFor }, trusted);

describe('clientAddressOf', () => {
  it.each([
    ['one address', '203.0.113.9'],
    ['a list', '203.0.113.9, 10.0.0.1'],
    ['our own address', '127.0.0.1'],
  ])('without a trusted proxy ignores a forwarding header with %s', (_what, header) => {
    expect(seen(null, '198.51.100.1', header)).toBe('198.51.100.1');
  });

  it.each([
    [1, '203.0.113.9', '203.0.113.9'],
    // The proxy added 203.0.113.9; what stands before it the client wrote itself.
    [1, '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    [2, '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    [2, '203.0.113.9', '203.0.113.9'],
    [1, 'nonsense', '10.0.0.1'],
    [1, '203.0.113.9, nonsense', '10.0.0.1'],
    [1, '', '10.0.0.1'],
    [1, '203.0.113.9:5123', '203.0.113.9'],
    [1, '[2001:db8::1]:5123', '2001:db8::1'],
  ])('behind %i proxies reads %j from its end', (hops, header, client) => {
    expect(seen(hops, '10.0.0.1', header)).toBe(client);
  });

  it.each([
    ['10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['192.0.2.7', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['fd00::1', '203.0.113.9', '203.0.113.9'],
    // A stranger who reaches us past the proxy is believed nothing.
    ['198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ])('with trusted networks, of %s with %j goes as far as those reach', (address, header, client) => {
    expect(seen(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'], address, header)).toBe(client);
  });

  it('knows no address of a connection that is gone', () => {
    expect(seen(1, undefined, '203.0.113.9')).toBeNull();
  });

  it('is the same for IPv4 however it is written', () => {
    expect(seen(null, '::ffff:198.51.100.1')).toBe('198.51.100.1');
  });
});

describe('clientKeyOf', () => {
  it('counts an IPv6 network of 64 bits as one client, and IPv4 by address', () => {
    expect(clientKeyOf('2001:db8:1:2::1')).toBe(clientKeyOf('2001:db8:1:2:ffff::9'));
    expect(clientKeyOf('2001:db8:1:2::1')).not.toBe(clientKeyOf('2001:db8:1:3::1'));
    expect(clientKeyOf('198.51.100.1')).not.toBe(clientKeyOf('198.51.100.2'));
  });
});
