import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { createMailTransport } from '../../../src/delivery/mail/create-mail-transport';
import { MailDeferred, MailRejected } from '../../../src/delivery/mail/mail-errors';
import type { MailTransport } from '../../../src/delivery/mail/mail-transport';
import { startSmtpInbox, type SmtpFailure, type SmtpInbox, type SmtpInboxOptions } from '../../support/smtp-inbox';
import { exampleMail } from './example-mail';

let inbox: SmtpInbox;
let transport: MailTransport;
const cleanups: (() => Promise<unknown>)[] = [];

function connect(smtpUrl: string, deliveryTimeoutMs?: number): MailTransport {
  const made = createMailTransport({ smtpUrl, mailDirectory: 'unused', log: () => undefined, deliveryTimeoutMs });
  cleanups.push(() => made.close());
  return made;
}

async function start(options?: SmtpInboxOptions): Promise<SmtpInbox> {
  const started = await startSmtpInbox(options);
  cleanups.push(() => started.stop());
  return started;
}

/** A server that takes connections and never says a word. */
async function startMute(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  cleanups.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  inbox = await start();
  transport = connect(inbox.url);
});

// Servers first: a client that waits for an answer is then told at once that none will come.
afterEach(() => Promise.all(cleanups.splice(0).map((clean) => clean())));

describe('SMTP transport, fields that people read', () => {
  const attack = 'Hi\r\nBcc: b@evil.test\r\n\r\n<b>body</b>\u2028x\u202Ey\0z';
  const shown = 'Hi Bcc: b@evil.test <b>body</b> x y z';

  test('line breaks and unprintable characters in subject and names become spaces', async () => {
    await transport.send(
      exampleMail({
        subject: attack,
        from: { name: attack, address: 'support@acme.test' },
        to: { name: attack, address: 'olga@acme.test' },
        replyTo: { name: attack, address: 'reply@acme.test' },
      }),
    );
    const mail = await inbox.waitForMail();
    expect(mail.subject).toBe(shown);
    expect(mail.from?.value).toEqual([{ name: shown, address: 'support@acme.test' }]);
    expect([mail.to].flat().flatMap((to) => to?.value)).toEqual([{ name: shown, address: 'olga@acme.test' }]);
    expect(mail.replyTo?.value).toEqual([{ name: shown, address: 'reply@acme.test' }]);
    expect(mail.bcc).toBeUndefined();
    expect(mail.envelope).toEqual({ from: 'support@acme.test', to: ['olga@acme.test'] });
    expect(mail.text?.trim()).toBe('Hello Olga');
  });

  test.each(['b@evil.test', '"x" <b@evil.test>, c@evil.test', 'a; b:', '👩‍👩‍👧 Zoë'])(
    'the name %s stays a name',
    async (name) => {
      await transport.send(exampleMail({ from: { name, address: 'support@acme.test' } }));
      const mail = await inbox.waitForMail();
      expect(mail.from?.value).toEqual([{ name, address: 'support@acme.test' }]);
      expect(mail.envelope.from).toBe('support@acme.test');
    },
  );

  test('text that looks like an encoded word is not decoded into something else', async () => {
    const text = '=?utf-8?q?b=40evil.test=0ABcc:?=';
    await transport.send(exampleMail({ subject: text, from: { name: text, address: 'support@acme.test' } }));
    const mail = await inbox.waitForMail();
    expect(mail.subject).toBe('= ?utf-8?q?b=40evil.test=0ABcc:?=');
    expect(mail.from?.value).toEqual([{ name: mail.subject, address: 'support@acme.test' }]);
  });

  test('an over-long subject is cut, not refused', async () => {
    await transport.send(exampleMail({ subject: '👍'.repeat(2000) }));
    expect((await inbox.waitForMail()).subject).toBe(`${'👍'.repeat(249)}…`);
  });

  test('a body that is a path or a URL stays text', async () => {
    await transport.send(exampleMail({ text: '/etc/passwd', html: 'file:///etc/passwd' }));
    const mail = await inbox.waitForMail();
    expect(mail.text?.trim()).toBe('/etc/passwd');
    expect(mail.html).toContain('file:///etc/passwd');
  });

  test('lines with a single dot and SMTP commands in the text end nothing', async () => {
    const text = 'one\r\n.\r\nMAIL FROM:<b@evil.test>\r\n..two\n.\nthree';
    await transport.send(exampleMail({ text }));
    await transport.send(exampleMail({ messageId: 'next@baton.test' }));
    expect(inbox.mails).toHaveLength(2);
    expect(inbox.mails[0]?.text?.trim()).toBe(text.replace(/\r\n/g, '\n'));
  });
});

describe('SMTP transport, answers of the server', () => {
  const refuse = (at: 'MAIL' | 'RCPT' | 'DATA', code: number): SmtpFailure => ({ kind: 'reject', at, code });
  test.each<[string, SmtpFailure, typeof MailRejected | typeof MailDeferred]>([
    ['550 to the recipient', refuse('RCPT', 550), MailRejected],
    ['553 to the sender', refuse('MAIL', 553), MailRejected],
    ['554 to the text', refuse('DATA', 554), MailRejected],
    ['552 to the text', refuse('DATA', 552), MailRejected],
    ['450 to the recipient', refuse('RCPT', 450), MailDeferred],
    ['451 to the sender', refuse('MAIL', 451), MailDeferred],
    ['452 to the text', refuse('DATA', 452), MailDeferred],
    ['421 to the text', refuse('DATA', 421), MailDeferred],
    ['503, the session is in a wrong state', refuse('MAIL', 503), MailDeferred],
    ['530, the server wants a password', refuse('MAIL', 530), MailDeferred],
    ['a connection cut after the text', { kind: 'drop', at: 'DATA', keepMail: false }, MailDeferred],
  ])('%s', async (_kind, failure, expected) => {
    inbox.failNext(failure);
    await expect(transport.send(exampleMail())).rejects.toThrow(expected);
    expect(inbox.mails).toHaveLength(0);
    await transport.send(exampleMail());
    expect(inbox.mails).toHaveLength(1);
  });

  test('a cut after the text is sent once; the next attempt carries the same Message-ID', async () => {
    inbox.failNext({ kind: 'drop', at: 'DATA', keepMail: true });
    await expect(transport.send(exampleMail())).rejects.toThrow(MailDeferred);
    expect(inbox.textsReceived).toBe(1);
    await transport.send(exampleMail());
    expect(inbox.mails.map((mail) => mail.messageId)).toEqual(['<delivery-1@baton.test>', '<delivery-1@baton.test>']);
  });

  test('a pooled connection that the server closed meanwhile: the mail goes out over a new one, once', async () => {
    await transport.send(exampleMail());
    inbox.failNext({ kind: 'drop', at: 'MAIL' });
    await transport.send(exampleMail({ messageId: '<second@baton.test>' }));
    expect(inbox.mails.map((mail) => mail.messageId)).toEqual(['<delivery-1@baton.test>', '<second@baton.test>']);
    expect(inbox.textsReceived).toBe(2);
  });

  test('a server that takes the text and never answers: deferred at the limit', async () => {
    inbox.failNext({ kind: 'silence' });
    await expect(connect(inbox.url, 300).send(exampleMail())).rejects.toThrow(MailDeferred);
    expect(inbox.textsReceived).toBe(1);
  });

  test('a server that accepts connections and never greets: deferred at the limit', async () => {
    const waiting = connect(await startMute(), 200);
    await expect(waiting.send(exampleMail())).rejects.toThrow(MailDeferred);
  });

  test('no server at all: deferred', async () => {
    await inbox.stop();
    await expect(transport.send(exampleMail())).rejects.toThrow(MailDeferred);
  });

  test('wrong credentials: deferred, for they say nothing about the mail, and the message holds no password', async () => {
    const guarded = await start({ auth: { user: 'baton', pass: 'right' } });
    const failure = connect(guarded.url.replace('right', 'wr0ng-pass')).send(exampleMail());
    await expect(failure).rejects.toThrow(MailDeferred);
    await expect(failure).rejects.not.toThrow(/wr0ng-pass/);
    expect(await connect(guarded.url).send(exampleMail())).toEqual({ detail: expect.stringContaining('250') });
  });

  test('closed: deferred', async () => {
    await transport.close();
    await expect(transport.send(exampleMail())).rejects.toThrow(MailDeferred);
  });

  test('close waits for the mail that is being sent', async () => {
    let isSent = false;
    const sending = transport.send(exampleMail()).then((answer) => {
      isSent = true;
      return answer;
    });
    await inbox.waitForMail();
    expect(isSent).toBe(false);
    await transport.close();
    expect(isSent).toBe(true);
    expect(await sending).toEqual({ detail: expect.stringContaining('250') });
  });
});

describe('SMTP transport, a whole mail', () => {
  test('arrives as it was given, with thread headers and a stable Message-ID', async () => {
    await transport.send(
      exampleMail({
        messageId: 'delivery-7@baton.test',
        replyTo: { address: 'reply@acme.test' },
        inReplyTo: '<root@acme.test>',
        references: ['<root@acme.test>', 'second@acme.test'],
        text: 'Grüße 👋',
        html: '<p>Grüße 👋</p>',
        automatic: true,
      }),
    );
    const mail = await inbox.waitForMail();
    expect(mail.messageId).toBe('<delivery-7@baton.test>');
    expect(mail.inReplyTo).toBe('<root@acme.test>');
    expect(mail.references).toEqual(['<root@acme.test>', '<second@acme.test>']);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.text?.trim()).toBe('Grüße 👋');
    expect(mail.html).toContain('<p>Grüße 👋</p>');
  });

  test('forty mails at once all arrive', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `<many-${index}@baton.test>`);
    await Promise.all(ids.map((messageId) => transport.send(exampleMail({ messageId }))));
    expect(inbox.mails.map((mail) => mail.messageId).sort()).toEqual([...ids].sort());
  });
});
