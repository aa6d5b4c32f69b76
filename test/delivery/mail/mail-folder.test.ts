import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { createMailTransport } from '../../../src/delivery/mail/create-mail-transport';
import { MailDeferred, MailRejected } from '../../../src/delivery/mail/mail-errors';
import { mailFileName } from '../../../src/delivery/mail/mail-folder';
import type { MailTransport } from '../../../src/delivery/mail/mail-transport';
import { exampleMail } from './example-mail';

let parent: string;
let directory: string;
let transport: MailTransport;
let logged: [object, string][];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'baton-mail-'));
  directory = join(parent, 'not', 'there', 'yet');
  logged = [];
  transport = createMailTransport({ smtpUrl: null, mailDirectory: directory, log: (...line) => logged.push(line) });
});

afterEach(async () => {
  await transport.close();
  await rm(parent, { recursive: true, force: true });
});

describe('mail folder', () => {
  test('a mail that must not be sent is not written', async () => {
    const mail = exampleMail({ to: { address: 'a@acme.test, b@evil.test' } });
    await expect(transport.send(mail)).rejects.toThrow(MailRejected);
    expect(await readdir(parent)).toEqual([]);
  });

  test('a folder that cannot be made: deferred', async () => {
    await writeFile(join(parent, 'not'), 'a file stands in the way');
    await expect(transport.send(exampleMail())).rejects.toThrow(MailDeferred);
  });

  test('a mail is written as .eml that parses back equal, and is named in the log', async () => {
    const { detail } = await transport.send(
      exampleMail({
        subject: 'Grüße 👋',
        text: 'Grüße\n.\nBye',
        html: '<p>Grüße</p>',
        replyTo: { address: 'reply@acme.test' },
      }),
    );
    // Without the folder: a delivery's detail is shown through the API.
    expect(detail).toBe('written to delivery-1@baton.test.eml');
    const mail = await simpleParser(await readFile(join(directory, 'delivery-1@baton.test.eml')));
    expect(mail.messageId).toBe('<delivery-1@baton.test>');
    expect(mail.subject).toBe('Grüße 👋');
    expect(mail.from?.value).toEqual([{ name: 'Acme Support', address: 'support@acme.test' }]);
    expect(mail.replyTo?.value).toEqual([{ name: '', address: 'reply@acme.test' }]);
    expect(mail.text?.trim()).toBe('Grüße\n.\nBye');
    expect(mail.html).toContain('<p>Grüße</p>');
    expect(logged).toEqual([
      [
        { messageId: '<delivery-1@baton.test>', file: join(directory, 'delivery-1@baton.test.eml') },
        'mail written to a file',
      ],
    ]);
  });

  test('a mail sent again replaces its first copy and leaves nothing else', async () => {
    await transport.send(exampleMail({ subject: 'first' }));
    await transport.send(exampleMail({ subject: 'second' }));
    expect(await readdir(directory)).toEqual(['delivery-1@baton.test.eml']);
    const mail = await simpleParser(await readFile(join(directory, 'delivery-1@baton.test.eml')));
    expect(mail.subject).toBe('second');
  });

  test('only the owner may read a mail', async () => {
    await transport.send(exampleMail());
    expect((await stat(join(directory, 'delivery-1@baton.test.eml'))).mode & 0o777).toBe(0o600);
  });
});

describe('mailFileName', () => {
  test.each([
    '<../../etc/x@baton.test>',
    '<.hidden@baton.test>',
    '<a/b@baton.test>',
    `<${'a'.repeat(240)}@b.c>`,
    '<a%b@c>',
  ])('hashes the id %s', (id) => {
    expect(mailFileName(id)).toMatch(/^[0-9a-f]{64}\.eml$/);
  });

  test('keeps a plain id and tells different ids apart', () => {
    expect(mailFileName('<a-1@baton.test>')).toBe('a-1@baton.test.eml');
    expect(mailFileName('<a/1@b>')).not.toBe(mailFileName('<a/2@b>'));
  });
});
