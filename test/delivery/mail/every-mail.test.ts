import fc from 'fast-check';
import type { Brand, RenderedMail } from '../../../src/delivery/mail/brand';
import { createMailTransport } from '../../../src/delivery/mail/create-mail-transport';
import { loadCatalogue } from '../../../src/delivery/mail/catalogue';
import { renderInquiryAnswerMail } from '../../../src/delivery/mail/inquiry-answer-mail';
import { renderInvitationMail } from '../../../src/delivery/mail/invitation-mail';
import { MailRejected } from '../../../src/delivery/mail/mail-errors';
import type { MailTransport } from '../../../src/delivery/mail/mail-transport';
import { renderNotificationMail } from '../../../src/delivery/mail/notification-mail';
import { singleLine } from '../../../src/delivery/mail/outgoing-mail';
import { renderPasswordResetMail } from '../../../src/delivery/mail/password-reset-mail';
import { renderTestMail } from '../../../src/delivery/mail/test-mail';
import { type SmtpInbox, startSmtpInbox } from '../../support/smtp-inbox';

let inbox: SmtpInbox;
let transport: MailTransport;
beforeAll(async () => {
  inbox = await startSmtpInbox();
  transport = createMailTransport({ smtpUrl: inbox.url, mailDirectory: 'unused', log: () => undefined });
});
afterAll(async () => {
  await transport.close();
  await inbox.stop();
});

const texts = loadCatalogue({ directory: null, log: () => undefined }).textsFor('en');
const DASHBOARD = 'https://dash.acme.test/base';

/** Pieces of which an attack is made; a value is any sequence of them with ordinary text between. */
const PIECES = [
  ...['\r\n', '\n', '\r', '\0', '\u2028', '\u0085', '\u202e', '\u2066', '\ud800', '\ufeff', '\t'],
  ...['"', "'", '<', '>', '<>', ',', ';', ':', '\\', '(', ')', '@', '`', '&', '&#60;', '%0d%0a', '=0D=0A'],
  ...[
    'Bcc: evil@evil.test',
    'evil@evil.test',
    '<evil@evil.test>',
    '=?utf-8?q?=0D=0ABcc:evil@evil.test?=',
    '=?utf-8?b?PA==?=',
  ],
  ...[
    '<script>alert(1)</script>',
    '</title>',
    '</style>',
    '"><img src=x onerror=alert(1)>',
    '<a href="https://evil.test">',
  ],
  ...[
    'javascript:alert(1)',
    'https://evil.test/',
    '[x](https://evil.test)',
    '.\r\n',
    '--',
    'x'.repeat(3000),
    '😀',
    'مرحبا',
  ],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8, unit: 'binary' })), { maxLength: 8 })
  .map((pieces) => pieces.join(''));
const address = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('vera@visitor.test', "o'neil+tag@visitor.test") },
  { weight: 1, arbitrary: hostile.map((text) => `vera@visitor.test${text}`) },
  { weight: 1, arbitrary: hostile.map((text) => `${text}vera@visitor.test`) },
);

/** Everything that people write and that reaches a mail. */
const values = fc.record({
  brand: fc.record({
    displayName: hostile,
    emailFromName: hostile,
    logoUrl: fc.oneof(
      hostile,
      hostile.map((text) => `https://cdn.acme.test/${text}`),
    ),
    primaryColor: hostile,
    supportEmail: address,
    dashboardUrl: fc.constant(DASHBOARD),
  }),
  to: address,
  recipientName: hostile,
  visitorName: hostile,
  title: hostile,
  body: hostile,
  answer: hostile,
  operator: hostile,
});
type Values = typeof values extends fc.Arbitrary<infer Value> ? Value : never;

const MAILS: Readonly<Record<string, (given: Values & { brand: Brand }) => RenderedMail>> = {
  notification: ({ brand, title, body, recipientName }) =>
    renderNotificationMail({
      ...{ kind: 'HANDOFF_REQUESTED', title, body, brand, texts, recipientName },
      conversationUrl: `${DASHBOARD}/conversations/conv_1`,
      turnOffUrl: `${DASHBOARD}/turn-off`,
    }),
  'inquiry answer': ({ brand, visitorName, body, answer, operator }) =>
    renderInquiryAnswerMail({ brand, texts, visitorName, inquiryText: body, answerText: answer, answeredBy: operator }),
  invitation: ({ brand, operator }) =>
    renderInvitationMail({
      ...{ brand, texts, invitedBy: operator, token: 'bti_token', expiresAt: new Date(0), timeZone: 'UTC' },
    }),
  'password reset': ({ brand, recipientName }) =>
    renderPasswordResetMail({ brand, texts, recipientName, token: 'btr_token', hours: 1 }),
  test: ({ brand, recipientName, operator }) =>
    renderTestMail({ brand, texts, recipientName, host: operator, fromAddress: operator }),
};

const HEADERS = [
  ...['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version'],
  ...['reply-to', 'subject', 'to', 'x-auto-response-suppress'],
];

/** Names of the headers as they went over the wire, folded lines joined. */
function headersOf(raw: string): string[] {
  const head = raw.slice(0, raw.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
  return head.split(/\r?\n/).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
}

const KNOWN_TAG =
  /^<(!doctype|\/?(html|head|meta|title|style|body|div|h1|p|a|img|blockquote|br|table|tr|td|tbody|span|strong)\b)/;

/** Expects each kind of thing at once: there are a hundred tags in each of a thousand mails. */
function checkHtml(html: string): void {
  const tags = html.replace(/<style>[^]*?<\/style>/g, '').match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => !KNOWN_TAG.test(tag))).toEqual([]);
  // Quotes of a value would end here, and an attribute of the attacker's begin.
  expect(tags.filter((tag) => /\bon[a-z]+\b|["']/i.test(tag.replace(/="[^"]*"/g, '')))).toEqual([]);
  const targets = (name: string): string[] =>
    [...html.matchAll(new RegExp(`\\b${name}="([^"]*)"`, 'g'))].map(([, to]) => to!);
  expect(targets('href').filter((to) => !/^(https:\/\/dash\.acme\.test\/base|mailto:)/.test(to))).toEqual([]);
  expect(targets('src').filter((from) => !/^https?:\/\//.test(from))).toEqual([]);
}

describe.each(Object.entries(MAILS))('a mail with anything in every field: %s', (_, render) => {
  it('goes to the one recipient with the headers of every mail, or is refused and goes to nobody', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const rendered = render(given);
        checkHtml(rendered.html);
        const before = inbox.mails.length;
        const { brand, to, recipientName } = given;
        try {
          await transport.send({
            ...{ ...rendered, messageId: '<dlv_1@baton.test>', automatic: true },
            ...{
              from: { name: brand.emailFromName, address: 'no-reply@baton.test' },
              to: { name: recipientName, address: to },
            },
            replyTo: { name: brand.displayName, address: brand.supportEmail },
          });
        } catch (error) {
          expect(error).toBeInstanceOf(MailRejected);
          expect(inbox.mails).toHaveLength(before);
          return;
        }
        sent += 1;
        expect(inbox.mails).toHaveLength(before + 1);
        const mail = inbox.mails.at(-1)!;
        expect(mail.envelope.to.map(plain)).toEqual([plain(to)]);
        const recipients = [mail.to].flat().flatMap((each) => each?.value ?? []);
        expect(recipients.map((each) => plain(each.address))).toEqual([plain(to)]);
        expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
        expect(mail.from?.value.map(({ address: at }) => at)).toEqual(['no-reply@baton.test']);
        expect(mail.replyTo?.value.map((each) => plain(each.address))).toEqual([plain(brand.supportEmail)]);
        const headers = headersOf(mail.raw);
        expect(headers.filter((name) => !HEADERS.includes(name))).toEqual([]);
        expect(new Set(headers).size).toBe(headers.length);
        expect(squeezed(mail.subject ?? '')).toBe(squeezed(singleLine(rendered.subject, 250)));
        checkHtml(mail.html === false ? '' : (mail.html ?? ''));
      }),
      { numRuns: 100 },
    );
    expect(sent).toBeGreaterThan(20);
  });
});

/** A domain in another alphabet travels in ASCII, by rules that Node's own conversion refuses for nonsense. */
function plain(of: string | undefined): string {
  const [local = '', domain = ''] = (of ?? '').split('@');
  return /[^ -~]|xn--/.test(domain) ? `${local}@another alphabet` : `${local}@${domain.toLowerCase()}`;
}

/** Encoding folds a long header at spaces, and parsers do not agree on how many of them there were. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
