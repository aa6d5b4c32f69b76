import { createMailServers } from '../../src/outgoing/mail-servers';
import { OutgoingNetworkError, UnsafeTargetError } from '../../src/outgoing/outgoing-errors';
import { serveRaw, stopServers } from './loopback-servers';

const PUBLIC = '93.184.215.14';
const strict = createMailServers({ allowLoopback: false, resolve: () => Promise.resolve([PUBLIC]) });
const lenient = createMailServers({ allowLoopback: true, resolve: () => Promise.resolve(['127.0.0.1']) });
afterEach(stopServers);

const HOSTILE = [
  ['a private address', '10.1.2.3'],
  ['cloud metadata', '169.254.169.254'],
  ['any address', '0.0.0.0'],
  ['unique-local IPv6', 'fd00::1'],
  ['mapped IPv6', '::ffff:10.0.0.1'],
  ['decimal private', '167772161'],
  ['a path', 'smtp.example.com/x'],
  ['a user', 'me@smtp.example.com'],
  ['a port', 'smtp.example.com:25'],
  ['a query', '127.0.0.1?.example.com'],
  ['a line break', 'smtp.example.com\r\nEHLO x'],
  ['nothing', ''],
];
const LOOPBACK = [
  ['localhost', 'localhost'],
  ['loopback', '127.0.0.1'],
  ['IPv6 loopback', '::1'],
  ['hex loopback', '0x7f.0.0.1'],
];

describe('a mail server that somebody names', () => {
  test.each([...HOSTILE, ...LOOPBACK])('is refused at %s: %s', async (_kind, host) => {
    expect(await strict.checkMailServer({ host, port: 587 })).toMatchObject({ code: 'UNSAFE_URL' });
    await expect(strict.connect({ host, port: 587 })).rejects.toThrow(UnsafeTargetError);
  });

  test.each(HOSTILE)('is refused at %s also where loopback is allowed: %s', async (_kind, host) => {
    expect(await lenient.checkMailServer({ host, port: 587 })).toMatchObject({ code: 'UNSAFE_URL' });
  });

  test.each([22, 80, 443, 3306, 5432, 6379, 25_000])('is refused at port %i, where no mail server is', async (port) => {
    const address = { host: 'smtp.example.com', port };
    expect(await strict.checkMailServer(address)).toMatchObject({ code: 'UNSAFE_URL' });
    await expect(strict.connect(address)).rejects.toThrow(UnsafeTargetError);
  });

  test('is refused when one of its addresses is private, and when it has none', async () => {
    for (const found of [
      Promise.resolve([PUBLIC, '10.0.0.1']),
      Promise.resolve([]),
      Promise.reject(new Error('none')),
    ]) {
      const servers = createMailServers({ allowLoopback: false, resolve: () => found });
      expect(await servers.checkMailServer({ host: 'smtp.example.com', port: 25 })).toMatchObject({
        code: 'UNSAFE_URL',
      });
    }
  });

  test.each([25, 465, 587, 2465, 2525, 2587])('may be in the public internet, on port %i', async (port) => {
    expect(await strict.checkMailServer({ host: 'smtp.example.com', port })).toBeNull();
  });

  test('is looked up for each connection, which goes to the address that was checked', async () => {
    const port = await serveRaw((socket) => socket.on('error', () => undefined));
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const servers = createMailServers({ allowLoopback: true, resolve: () => Promise.resolve(answers.shift() ?? []) });
    const socket = await servers.connect({ host: 'mail.localhost', port });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
    await expect(servers.connect({ host: 'mail.localhost', port })).rejects.toThrow(UnsafeTargetError);
  });

  test('that refuses the connection is an error of the network', async () => {
    const port = await serveRaw(() => undefined);
    await stopServers();
    await expect(lenient.connect({ host: '127.0.0.1', port })).rejects.toThrow(OutgoingNetworkError);
  });
});
