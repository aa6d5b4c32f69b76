import { createOutgoing } from '../../src/outgoing/outgoing';
import { UnsafeTargetError } from '../../src/outgoing/outgoing-errors';

const PUBLIC = '93.184.215.14';
const strict = createOutgoing({ allowLoopback: false, resolve: () => Promise.resolve([PUBLIC]) });
const lenient = createOutgoing({ allowLoopback: true, resolve: () => Promise.resolve(['127.0.0.1']) });

const HOSTILE = [
  ['no URL', 'hello'],
  ['relative URL', '/push'],
  ['plain http', 'http://example.com/'],
  ['another scheme', 'ftp://example.com/'],
  ['a file', 'file:///etc/passwd'],
  ['a script', 'javascript:alert(1)'],
  ['a user name', 'https://user@example.com/'],
  ['a password', 'https://user:secret@example.com/'],
  ['an over-long URL', `https://example.com/${'a'.repeat(2048)}`],
  ['a private address', 'https://10.1.2.3/'],
  ['cloud metadata', 'https://169.254.169.254/latest/meta-data/'],
  ['carrier-grade NAT', 'https://100.64.1.1/'],
  ['any address', 'https://0.0.0.0/'],
  ['unique-local IPv6', 'https://[fd00::1]/'],
  ['mapped IPv6', 'https://[::ffff:10.0.0.1]/'],
  ['mapped loopback', 'https://[::ffff:127.0.0.1]/'],
  ['NAT64 of loopback', 'https://[64:ff9b::7f00:1]/'],
  ['6to4 of loopback', 'https://[2002:7f00:1::]/'],
  ['decimal private', 'https://167772161/'],
  ['hex private', 'https://0xa000001/'],
  ['octal private', 'https://012.0.0.1/'],
  ['short private', 'https://10.1/'],
  ['full-width private', 'https://１０.0.0.1/'],
  ['private with a final dot', 'https://10.0.0.1./'],
];

const LOOPBACK = [
  ['localhost', 'https://localhost/'],
  ['localhost with a final dot', 'https://localhost./'],
  ['a name below localhost', 'https://app.localhost/'],
  ['capitals', 'https://LOCALHOST/'],
  ['the address', 'https://127.0.0.1/'],
  ['another loopback address', 'https://127.8.8.8/'],
  ['IPv6', 'https://[::1]/'],
  ['long IPv6', 'https://[0:0:0:0:0:0:0:1]/'],
  ['decimal', 'https://2130706433/'],
  ['hex', 'https://0x7f.0.0.1/'],
  ['octal', 'https://0177.0.0.1/'],
  ['short', 'https://127.1/'],
];

describe('checkTarget', () => {
  test.each([...HOSTILE, ...LOOPBACK])('refuses %s by default: %s', async (_kind, url) => {
    expect(await strict.checkTarget(url)).toEqual({ code: 'UNSAFE_URL', message: expect.any(String) });
  });

  test.each(HOSTILE)('refuses %s also where loopback is allowed: %s', async (_kind, url) => {
    expect(await lenient.checkTarget(url)).toMatchObject({ code: 'UNSAFE_URL' });
  });

  test.each(HOSTILE)('request refuses %s in the same way: %s', async (_kind, url) => {
    await expect(strict.request({ url, method: 'GET', headers: {} })).rejects.toThrow(UnsafeTargetError);
  });

  test.each([
    ['private', ['10.0.0.5']],
    ['loopback', ['127.0.0.1']],
    ['public and private', [PUBLIC, '192.168.0.1']],
    ['mapped private', ['::ffff:192.168.0.1']],
    ['none', []],
    ['garbage', ['not-an-address']],
  ])('refuses a name whose addresses are %s', async (_kind, addresses) => {
    const outgoing = createOutgoing({ allowLoopback: false, resolve: () => Promise.resolve(addresses) });
    expect(await outgoing.checkTarget('https://example.com/')).toMatchObject({ code: 'UNSAFE_URL' });
  });

  test('refuses a foreign name that leads to loopback even where loopback is allowed', async () => {
    expect(await lenient.checkTarget('https://example.com/')).toMatchObject({ code: 'UNSAFE_URL' });
  });

  test('refuses localhost that leads elsewhere', async () => {
    const outgoing = createOutgoing({ allowLoopback: true, resolve: () => Promise.resolve([PUBLIC]) });
    expect(await outgoing.checkTarget('http://localhost/')).toMatchObject({ code: 'UNSAFE_URL' });
  });

  test('refuses a name that cannot be found', async () => {
    const outgoing = createOutgoing({ allowLoopback: false, resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await outgoing.checkTarget('https://example.com/')).toEqual({
      code: 'UNSAFE_URL',
      message: 'The host name of the URL cannot be found.',
    });
  });

  test.each([
    'https://example.com/',
    'https://example.com:8443/a?b=c',
    `https://${PUBLIC}/`,
    'https://[2606:4700:4700::1111]/',
    'https://bücher.example/',
  ])('accepts %s', async (url) => {
    expect(await strict.checkTarget(url)).toBeNull();
  });

  test.each([...LOOPBACK, ['plain http', 'http://127.0.0.1:8080/'], ['plain http to IPv6', 'http://[::1]:8080/']])(
    'accepts loopback where it is allowed, written as %s: %s',
    async (_kind, url) => {
      expect(await lenient.checkTarget(url)).toBeNull();
    },
  );

  test('asks the resolver for the host alone', async () => {
    const resolve = jest.fn(() => Promise.resolve([PUBLIC]));
    await createOutgoing({ allowLoopback: false, resolve }).checkTarget('https://bücher.example:444/path');
    expect(resolve.mock.calls).toEqual([['xn--bcher-kva.example']]);
  });
});
