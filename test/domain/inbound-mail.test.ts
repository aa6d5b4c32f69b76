import { type InboundMail, whyIgnored } from '../../src/domain/inbound-mail';
import { replyAddress, replyTokenOf } from '../../src/domain/reply-address';

const mail = (change: Partial<InboundMail> = {}, headers: Readonly<Record<string, string>> = {}): InboundMail => ({
  envelopeSender: 'vera@example.com',
  sender: 'vera@example.com',
  messageId: '<1@example.com>',
  headers: new Map(Object.entries(headers)),
  ...change,
});
const isOwn = (id: string): boolean => id.startsWith('<dlv_');

describe('a mail that came in', () => {
  it.each<[string, string, Partial<InboundMail>, Record<string, string>]>([
    ['a vacation responder', 'AUTOMATIC', {}, { 'auto-submitted': 'auto-replied (vacation)' }],
    ['a ticket system', 'AUTOMATIC', {}, { 'auto-submitted': 'auto-generated' }],
    ['Exchange', 'AUTOMATIC', {}, { 'x-auto-response-suppress': 'All' }],
    ['a newsletter', 'BULK', {}, { precedence: 'Bulk' }],
    ['a list', 'BULK', {}, { 'list-id': '<talk.example.com>' }],
    ['a bounce', 'BOUNCE', { envelopeSender: '' }, {}],
    ['a report', 'BOUNCE', {}, { 'content-type': 'multipart/report; boundary=x' }],
    ['a mailer daemon', 'BOUNCE', { sender: 'MAILER-DAEMON@mx.example.com' }, {}],
    ['nobody', 'BOUNCE', { sender: null }, {}],
    ['ourselves', 'OWN', { messageId: '<dlv_1@example.com>' }, {}],
    ['a program without ids', 'WITHOUT_ID', { messageId: null }, {}],
  ])('of %s is ignored: %s', (_who, reason, change, headers) => {
    expect(whyIgnored(mail(change, headers), isOwn)).toBe(reason);
  });

  it('of a person is read, also one whose program says that it is not automatic', () => {
    expect(whyIgnored(mail(), isOwn)).toBeNull();
    expect(
      whyIgnored(mail({ envelopeSender: null }, { 'auto-submitted': 'no', precedence: 'normal' }), isOwn),
    ).toBeNull();
    expect(whyIgnored(mail({ sender: 'bouncy@example.com' }), isOwn)).toBeNull();
  });
});

describe('a reply address', () => {
  const token = 'ab'.repeat(16);

  it('gives its token back, however a mail server has written it', () => {
    const address = replyAddress(token, 'in.example.com');
    expect(replyTokenOf(address, 'in.example.com')).toBe(token);
    expect(replyTokenOf(address.toUpperCase(), 'in.example.com')).toBe(token);
    expect(address.indexOf('@')).toBeLessThanOrEqual(64);
  });

  it.each([
    ['', 'nothing'],
    [`reply+${token}`, 'no domain'],
    [`reply+${token}@example.com`, 'another domain'],
    [`reply+${token}0@in.example.com`, 'a longer token'],
    [`x-reply+${token}@in.example.com`, 'something before it'],
    [`reply+${token}@evil.test@in.example.com`, 'two domains'],
  ])('%s is none: %s', (address) => {
    expect(replyTokenOf(address, 'in.example.com')).toBeNull();
  });
});
