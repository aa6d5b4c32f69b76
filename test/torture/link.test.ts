import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Link } from '../../torture/faults/link';

/** Long enough for loopback to bring what comes at all. */
const MOMENT_MS = 150;

let server: Server;
let link: Link;
const accepted: Socket[] = [];
const clients: Socket[] = [];

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = await Link.open();
  link.target = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of [...accepted.splice(0), ...clients.splice(0)]) socket.destroy();
  await link.close();
  server.close();
});

interface End {
  readonly socket: Socket;
  /** Everything that it has read. */
  text(): string;
  readonly hasEnded: () => boolean;
}

function watch(socket: Socket): End {
  let read = '';
  let ended = false;
  socket.setEncoding('utf8').on('data', (text: string) => (read += text));
  socket.on('end', () => (ended = true));
  socket.on('error', () => undefined);
  return { socket, text: () => read, hasEnded: () => ended };
}

async function open(): Promise<{ near: End; far: End }> {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
  clients.push(socket);
  const near = watch(socket);
  const [[raw]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [[Socket], unknown];
  return { near, far: watch(raw) };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1000) throw new Error('It never came to be.');
    await delay(10);
  }
}

describe('a link without a fault', () => {
  it('brings both ways what is written, in order and whole', async () => {
    const { near, far } = await open();
    const long = 'abcdefghij'.repeat(200_000);
    near.socket.write(long);
    far.socket.write('answer');
    await until(() => far.text().length === long.length && near.text() === 'answer');
    expect(far.text()).toBe(long);
  });

  it('brings an orderly end, and closes when both have said it', async () => {
    const { near, far } = await open();
    near.socket.end('last words');
    await until(() => far.hasEnded());
    expect(far.text()).toBe('last words');
    far.socket.end('good bye');
    await until(() => near.hasEnded() && link.connections === 0);
    expect(near.text()).toBe('good bye');
  });

  it('refuses connections while nobody is behind it, and finds whoever comes there later', async () => {
    const { target } = link;
    link.target = null;
    const refused = connect({ port: link.port, host: '127.0.0.1' });
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    link.target = target;
    const { near, far } = await open();
    near.socket.write('hello');
    await until(() => far.text() === 'hello');
  });
});

describe('a link that is cut', () => {
  it('resets both ends of every connection, and takes new ones', async () => {
    const [first, second] = [await open(), await open()];
    const resets: unknown[] = [];
    for (const { near } of [first, second])
      near.socket.on('error', (error) => resets.push((error as { code?: string }).code));
    link.cut();
    await until(() => [first, second].every(({ near, far }) => near.socket.destroyed && far.socket.destroyed));
    expect(resets).toEqual(['ECONNRESET', 'ECONNRESET']);
    const { near, far } = await open();
    near.socket.write('again');
    await until(() => far.text() === 'again');
  });
});

describe('a black hole', () => {
  it('lets nothing through and tells nobody; what was written arrives when it ends', async () => {
    const { near, far } = await open();
    link.blackHole();
    near.socket.write('forth');
    far.socket.write('back');
    await delay(MOMENT_MS);
    expect([near.text(), far.text(), near.socket.destroyed, far.socket.destroyed]).toEqual(['', '', false, false]);
    link.heal();
    await until(() => near.text() === 'back' && far.text() === 'forth');
  });

  it('hides the end of a peer, as a cable that is out does', async () => {
    const { near, far } = await open();
    link.blackHole();
    far.socket.destroy();
    await delay(MOMENT_MS);
    expect([near.hasEnded(), near.socket.destroyed]).toEqual([false, false]);
    link.heal();
    await until(() => near.hasEnded() || near.socket.destroyed);
  });

  it('accepts new connections, which are heard when it ends', async () => {
    link.blackHole();
    const socket = connect({ port: link.port, host: '127.0.0.1' });
    clients.push(socket);
    await once(socket, 'connect');
    socket.write('is anybody there?');
    await delay(MOMENT_MS);
    expect(accepted).toEqual([]);
    link.heal();
    await until(() => accepted.length === 1);
    const far = watch(accepted[0]!);
    await until(() => far.text() === 'is anybody there?');
  });
});

describe('a delay', () => {
  it('makes every piece late, and keeps the order when it ends', async () => {
    const { near, far } = await open();
    link.delay(300);
    const begun = performance.now();
    near.socket.write('first ');
    await delay(20);
    link.delay(0);
    near.socket.write('second');
    await until(() => far.text().length === 12);
    expect(far.text()).toBe('first second');
    expect(performance.now() - begun).toBeGreaterThan(290);
  });
});

describe('a half-close', () => {
  it('ends one direction, while the other goes on', async () => {
    const { near, far } = await open();
    link.halfClose('FORTH');
    await until(() => far.hasEnded());
    near.socket.write('nobody reads this');
    far.socket.write('still here');
    await until(() => near.text() === 'still here');
    expect([near.hasEnded(), far.text()]).toEqual([false, '']);
  });

  it('does the same the other way round', async () => {
    const { near, far } = await open();
    link.halfClose('BACK');
    await until(() => near.hasEnded());
    near.socket.write('still here');
    await until(() => far.text() === 'still here');
    expect(far.hasEnded()).toBe(false);
  });
});
