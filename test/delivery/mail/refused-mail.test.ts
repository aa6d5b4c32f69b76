import { createMailTransport } from '../../../src/delivery/mail/create-mail-transport';
import { MailRejected } from '../../../src/delivery/mail/mail-errors';
import type { MailTransport } from '../../../src/delivery/mail/mail-transport';
import type { OutgoingMail } from '../../../src/delivery/mail/outgoing-mail';
import { startSmtpInbox, type SmtpInbox } from '../../support/smtp-inbox';
import { exampleMail } from './example-mail';

let inbox: SmtpInbox;
let transport: MailTransport;

// One connection for all: smtp-server greets each new one only after 100 ms.
beforeAll(async () => {
  inbox = await startSmtpInbox();
  transport = createMailTransport({ smtpUrl: inbox.url, mailDirectory: 'unused', log: () => undefined });
});

afterAll(async () => {
  await transport.close();
  await inbox.stop();
});

describe('mail, fields that machines read', () => {
  const several = 'a@acme.test, b@evil.test';
  const broken = 'a@acme.test\r\nBcc: b@evil.test';
  test.each<[string, Partial<OutgoingMail>]>([
    ['several recipients', { to: { address: several } }],
    ['several recipients without a space', { to: { address: 'a@acme.test,b@evil.test' } }],
    ['several recipients with a semicolon', { to: { address: 'a@acme.test;b@evil.test' } }],
    ['a group', { to: { address: 'all:a@acme.test;' } }],
    ['a name inside the address', { to: { address: 'Eve <b@evil.test>' } }],
    ['an address inside a quoted name', { to: { address: '"a@acme.test"@evil.test' } }],
    ['a comment', { to: { address: 'a@acme.test(b)' } }],
    ['two at signs', { to: { address: 'a@acme.test@evil.test' } }],
    ['no domain', { to: { address: 'a@' } }],
    ['nothing', { to: { address: '' } }],
    ['an over-long address', { to: { address: `${'a'.repeat(250)}@acme.test` } }],
    ['a line break in the recipient', { to: { address: broken } }],
    ['a lone line feed in the recipient', { to: { address: 'a@acme.test\nRCPT TO:<b@evil.test>' } }],
    ['a Unicode line break in the recipient', { to: { address: 'a@acme.test\u2028' } }],
    ['a NUL in the recipient', { to: { address: 'a\0@acme.test' } }],
    ['a line break in the sender', { from: { name: 'x', address: broken } }],
    ['several senders', { from: { name: 'x', address: several } }],
    ['a line break in the reply address', { replyTo: { address: broken } }],
    ['several reply addresses', { replyTo: { address: several } }],
    ['a line break in the Message-ID', { messageId: '<a@b>\r\nBcc: b@evil.test' }],
    ['a Message-ID that is none', { messageId: 'hello' }],
    ['a line break in In-Reply-To', { inReplyTo: '<a@b>\nBcc: b@evil.test' }],
    ['a line break in References', { references: ['<a@b>', '<c@d>\r\nX: y'] }],
    ['two ids in one reference', { references: ['<a@b> <c@d>'] }],
    ['a line break in the way out', { unsubscribeUrl: 'https://a.test/x\r\nBcc: b@evil.test' }],
    ['two ways out', { unsubscribeUrl: 'https://a.test/x>, <mailto:b@evil.test' }],
    ['a way out that is no web address', { unsubscribeUrl: 'javascript:alert(1)' }],
  ])('%s: rejected, and the server hears nothing of it', async (_kind, changes) => {
    const [mailsBefore, textsBefore] = [inbox.mails.length, inbox.textsReceived];
    await expect(transport.send(exampleMail(changes))).rejects.toThrow(MailRejected);
    await transport.send(exampleMail({ messageId: 'next@baton.test' }));
    expect(inbox.mails.slice(mailsBefore).map((mail) => mail.messageId)).toEqual(['<next@baton.test>']);
    expect(inbox.textsReceived).toBe(textsBefore + 1);
  });
});
