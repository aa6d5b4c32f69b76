import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { MailDeferred, MailPostponed, MailRejected, MailServerFailed } from '../../../src/delivery/mail/mail-errors';
import {
  createWorkspaceMail,
  type WorkspaceMailOptions,
  type WorkspaceServer,
} from '../../../src/delivery/mail/workspace-mail';
import { createMailServers, type MailServers } from '../../../src/outgoing/mail-servers';
import { type SmtpInbox, type SmtpInboxOptions, startSmtpInbox } from '../../support/smtp-inbox';
import { exampleMail } from './example-mail';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(cleanups.splice(0).map((clean) => clean())));

const loopback = createMailServers({ allowLoopback: true });

async function start(options?: SmtpInboxOptions): Promise<SmtpInbox> {
  const inbox = await startSmtpInbox(options);
  cleanups.push(() => inbox.stop());
  return inbox;
}

/** Also tells of the connections that were made. */
function open(options: Partial<WorkspaceMailOptions> = {}) {
  const connections: Socket[] = [];
  const connect: MailServers['connect'] = async (address) => {
    const socket = await loopback.connect(address);
    connections.push(socket);
    return socket;
  };
  const made = createWorkspaceMail({
    servers: { connect },
    log: () => undefined,
    perWorkspace: 2,
    restMs: 0,
    ...options,
  });
  cleanups.push(() => made.close());
  return { mail: made, connections };
}

function serverOf(url: string, change: Partial<WorkspaceServer> = {}): WorkspaceServer {
  const port = Number(new URL(url).port);
  const none = { username: null, password: null };
  return { workspaceId: 'w', version: 1, host: '127.0.0.1', port, security: 'NONE', ...none, ...change };
}

/** A server that takes connections and never says a word. */
async function startMute(): Promise<{ url: string; readonly sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.unshift(async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  });
  return { url: `smtp://127.0.0.1:${String((server.address() as AddressInfo).port)}`, sockets };
}

const credentials = { username: 'fine-shoes', password: 'a secret of the shop' };
const auth = { user: credentials.username, pass: credentials.password };

describe('the mail server of a workspace', () => {
  it.each([
    ['refuses the password', { ...credentials, password: 'another secret' }],
    ['wants one and is given none', {}],
  ])('that %s has failed itself, and keeps the mail', async (_, given) => {
    const inbox = await start({ auth });
    const { mail } = open();
    await expect(mail.send(serverOf(inbox.url, given), exampleMail())).rejects.toThrow(MailServerFailed);
    expect(inbox.mails).toEqual([]);
  });

  it('that is not there has failed itself', async () => {
    const inbox = await start();
    await inbox.stop();
    await expect(open().mail.send(serverOf(inbox.url), exampleMail())).rejects.toThrow(MailServerFailed);
  });

  it('whose connection may not be encrypted is sent nothing when encryption is asked for', async () => {
    const inbox = await start({ auth });
    for (const security of ['TLS', 'STARTTLS'] as const) {
      const server = serverOf(inbox.url, { ...credentials, security, workspaceId: security });
      await expect(open().mail.send(server, exampleMail())).rejects.toThrow(MailServerFailed);
    }
    expect(inbox.textsReceived).toBe(0);
  });

  it('that refuses the sender has failed itself: another recipient would fare no better', async () => {
    const inbox = await start();
    inbox.failNext({ kind: 'reject', at: 'MAIL', code: 553, message: 'not your address' });
    await expect(open().mail.send(serverOf(inbox.url), exampleMail())).rejects.toThrow(MailServerFailed);
  });

  it.each([
    ['refuses the recipient for good', 550, MailRejected],
    ['is not ready for the recipient', 450, MailDeferred],
  ])('that %s has not failed itself', async (_, code, Failure) => {
    const inbox = await start();
    const { mail } = open({ restMs: 60_000 });
    inbox.failNext({ kind: 'reject', at: 'RCPT', code });
    const failure: unknown = await mail.send(serverOf(inbox.url), exampleMail()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).not.toBeInstanceOf(MailServerFailed);
    await mail.send(serverOf(inbox.url), exampleMail());
  });

  it('that repeats the password in its refusal does not get it into the reason', async () => {
    const inbox = await start();
    const secret = Buffer.from(credentials.password).toString('base64');
    const message = `no ${credentials.password} and no ${secret}`;
    inbox.failNext({ kind: 'reject', at: 'RCPT', code: 450, message });
    const server = serverOf(inbox.url, { username: 'u', password: credentials.password });
    await expect(open().mail.send({ ...server, username: null }, exampleMail())).rejects.toThrow(credentials.password);
    inbox.failNext({ kind: 'reject', at: 'MAIL', code: 450, message });
    const strict = await start({ auth: { user: 'u', pass: credentials.password } });
    strict.failNext({ kind: 'reject', at: 'RCPT', code: 450, message });
    const told = open().mail.send(
      serverOf(strict.url, { username: 'u', password: credentials.password }),
      exampleMail(),
    );
    await expect(told).rejects.toThrow('no … and no …');
  });

  it('takes mail with the right password, many over a few connections', async () => {
    const inbox = await start({ auth });
    const { mail, connections } = open({ slowMs: 20_000, perWorkspace: 3 });
    const numbers = Array.from({ length: 6 }, (_, number) => `<dlv_${String(number)}@baton.test>`);
    await Promise.all(
      numbers.map((messageId) => mail.send(serverOf(inbox.url, credentials), exampleMail({ messageId }))),
    );
    expect(inbox.mails.map(({ messageId }) => messageId).toSorted()).toEqual(numbers);
    expect(connections.length).toBeLessThanOrEqual(3);
  });
});

describe('a server that is dead', () => {
  it('is left alone for a while: the next mails hear its reason without a connection', async () => {
    const inbox = await start({ auth });
    const { mail, connections } = open({ restMs: 60_000 });
    const wrong = serverOf(inbox.url, { ...credentials, password: 'wrong' });
    const reasons: unknown[] = [];
    for (let time = 0; time < 3; time += 1) reasons.push(await mail.send(wrong, exampleMail()).catch(String));
    expect(connections).toHaveLength(1);
    expect(new Set(reasons).size).toBe(1);
    // Other settings are another chance.
    await mail.send({ ...wrong, ...credentials, version: 2 }, exampleMail());
    expect(inbox.mails).toHaveLength(1);
  });

  it('holds as many mails as it may, puts the others off, and delays no other workspace', async () => {
    const mute = await startMute();
    const inbox = await start();
    const { mail } = open({ slowMs: 50 });
    const dead = serverOf(mute.url, { workspaceId: 'dead' });
    const held = [1, 2].map(() => mail.send(dead, exampleMail()).catch((error: unknown) => error));
    while (mute.sockets.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    // One may wait, until the server turns out to be a slow one; then nobody does.
    await expect(mail.send(dead, exampleMail())).rejects.toThrow(MailPostponed);
    await expect(mail.send(dead, exampleMail())).rejects.toThrow(MailPostponed);
    await mail.send(serverOf(inbox.url, { workspaceId: 'alive' }), exampleMail());
    expect(inbox.mails).toHaveLength(1);
    mute.sockets.forEach((socket) => socket.destroy());
    for (const outcome of await Promise.all(held)) expect(outcome).toBeInstanceOf(MailServerFailed);
  });
});

describe('the servers that are kept open', () => {
  it('change with the settings, and old ones do not come back', async () => {
    const [before, after] = [await start(), await start()];
    const { mail } = open();
    await mail.send(serverOf(before.url), exampleMail());
    await mail.send(serverOf(after.url, { version: 2 }), exampleMail());
    await mail.send(serverOf(before.url), exampleMail());
    expect([before.mails.length, after.mails.length]).toEqual([1, 2]);
  });

  it('have a bound: the one that was used longest ago makes room', async () => {
    const inbox = await start();
    const { mail, connections } = open({ maxServers: 2 });
    for (const workspaceId of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await mail.send(serverOf(inbox.url, { workspaceId }), exampleMail());
    }
    // a and b; c for b; then b again for c.
    expect(connections).toHaveLength(4);
  });

  it('that are all in use leave no room: the mail is put off', async () => {
    const mute = await startMute();
    const inbox = await start();
    const { mail } = open({ maxServers: 1 });
    const held = mail.send(serverOf(mute.url, { workspaceId: 'dead' }), exampleMail()).catch(() => undefined);
    await expect(mail.send(serverOf(inbox.url, { workspaceId: 'b' }), exampleMail())).rejects.toThrow(MailPostponed);
    mute.sockets.forEach((socket) => socket.destroy());
    await mail.close();
    await held;
  });

  it('are closed when nobody needs them any more', async () => {
    const inbox = await start();
    const { mail, connections } = open({ idleMs: 1 });
    await mail.send(serverOf(inbox.url), exampleMail());
    if (!connections[0]!.closed) await once(connections[0]!, 'close');
    await mail.send(serverOf(inbox.url), exampleMail());
    expect(connections).toHaveLength(2);
  });
});
