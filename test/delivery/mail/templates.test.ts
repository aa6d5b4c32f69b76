import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { brandColors, webUrl, type Brand } from '../../../src/delivery/mail/brand';
import { loadCatalogue } from '../../../src/delivery/mail/catalogue';
import { renderInquiryAnswerMail, type InquiryAnswerMailContent } from '../../../src/delivery/mail/inquiry-answer-mail';
import { renderInvitationMail } from '../../../src/delivery/mail/invitation-mail';
import {
  renderNotificationMail,
  type NotificationMailContent,
  type NotificationMailKind,
} from '../../../src/delivery/mail/notification-mail';
import { paragraphsOf } from '../../../src/delivery/mail/plain-text';
import { renderPasswordResetMail } from '../../../src/delivery/mail/password-reset-mail';

const catalogue = loadCatalogue({ directory: null, log: () => undefined });
const texts = catalogue.textsFor('en');
const brand: Brand = {
  displayName: 'Acme',
  logoUrl: 'https://cdn.acme.test/logo.png',
  primaryColor: '#0a7f5a',
  supportEmail: 'help@acme.test',
  emailFromName: 'Acme Support',
  dashboardUrl: 'https://dash.acme.test/',
};
const notification: NotificationMailContent = {
  kind: 'HANDOFF_REQUESTED',
  title: 'Vera asks for a person',
  body: 'I cannot log in.\n\nPlease help',
  brand,
  texts,
  recipientName: 'Olga',
  conversationUrl: 'https://dash.acme.test/c/1',
};
const answer: InquiryAnswerMailContent = {
  brand,
  texts,
  visitorName: 'Vera',
  inquiryText: 'Where is my parcel?',
  answerText: 'It arrives tomorrow.',
  answeredBy: 'Olga',
};

const ATTACKS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  'javascript:alert(1)',
  '${alert(1)}{{alert(1)}}',
  '#fff;background:url(javascript:alert(1))',
  '&lt;script&gt;alert(1)',
];

/** Tags, attributes and link targets of a page: what an attack would change. */
function skeleton(page: string): string[] {
  const tags = page.match(/<[^>]*>/g) ?? [];
  return tags.map((tag) => tag.replace(/style="[^"]*"/g, ''));
}

describe('templates, hostile values', () => {
  test.each(ATTACKS)('a notification with %s in every field has no tag, attribute or link more', (attack) => {
    const hostileBrand = {
      ...brand,
      displayName: attack,
      primaryColor: attack,
      supportEmail: attack,
      emailFromName: attack,
    };
    const page = renderNotificationMail({
      ...notification,
      title: attack,
      body: attack,
      recipientName: attack,
      brand: hostileBrand,
    }).html;
    const harmless = renderNotificationMail({ ...notification, body: 'one line' }).html;
    expect(skeleton(page)).toEqual(skeleton(harmless));
    for (const style of page.matchAll(/style="([^"]*)"/g)) expect(style[1]).not.toMatch(/alert|javascript|expression/);
  });

  test.each(ATTACKS)('an answer with %s in every field has no tag, attribute or link more', (attack) => {
    const hostileBrand = {
      ...brand,
      displayName: attack,
      primaryColor: attack,
      supportEmail: attack,
      emailFromName: attack,
    };
    const page = renderInquiryAnswerMail({
      brand: hostileBrand,
      texts,
      visitorName: attack,
      inquiryText: attack,
      answerText: attack,
      answeredBy: attack,
    }).html;
    expect(skeleton(page)).toEqual(skeleton(renderInquiryAnswerMail(answer).html));
  });

  test.each(ATTACKS)('%s as a URL makes no link and no image', (attack) => {
    const hostileBrand = { ...brand, logoUrl: attack, dashboardUrl: attack };
    const page = renderNotificationMail({ ...notification, conversationUrl: attack, brand: hostileBrand }).html;
    expect(page).not.toMatch(/<a |<img /);
    expect(page).not.toContain('alert');
  });

  test('a URL with quotes stays inside its attribute', () => {
    const url = 'https://dash.acme.test/?a="><script>alert(1)</script>&b=1';
    const page = renderNotificationMail({ ...notification, conversationUrl: url }).html;
    expect(page).not.toContain('<script');
    expect(page).toContain(
      'href="https://dash.acme.test/?a&#x3D;%22%3E%3Cscript%3Ealert(1)%3C/script%3E&amp;b&#x3D;1"',
    );
  });

  test('line breaks in titles and names make no line in the subject', () => {
    const { subject } = renderNotificationMail({ ...notification, title: 'a\r\nBcc: x@evil.test' });
    expect(subject).toBe('a Bcc: x@evil.test');
    const hostile = { ...answer, brand: { ...brand, displayName: 'Acme\r\nBcc: x@evil.test' } };
    expect(renderInquiryAnswerMail(hostile).subject).toBe('Your question to Acme Bcc: x@evil.test');
  });
});

describe('renderNotificationMail', () => {
  test.each<[NotificationMailKind, string]>([
    ['HANDOFF_REQUESTED', 'A visitor is waiting for a person to answer.'],
    ['HANDOFF_TRANSFERRED', 'You have this conversation now'],
    ['HANDOFF_UNANSWERED', 'Nobody answered this visitor in time.'],
    ['INQUIRY_SUBMITTED', 'A visitor left an inquiry'],
    ['MESSAGE_RECEIVED', 'There is a new message for you.'],
  ])('%s says what happened, in both forms', (kind, sentence) => {
    const mail = renderNotificationMail({ ...notification, kind });
    expect(mail.subject).toBe('Vera asks for a person');
    expect(mail.html).toContain(sentence);
    expect(mail.text).toContain(sentence);
    expect(mail.text).toContain('I cannot log in.\n\nPlease help');
    expect(mail.text).toContain('https://dash.acme.test/c/1');
    expect(mail.html).toContain('href="https://dash.acme.test/c/1"');
  });

  test('without a conversation it links to the dashboard, and without that to nothing', () => {
    const toDashboard = renderNotificationMail({ ...notification, conversationUrl: null });
    expect(toDashboard.html).toContain('href="https://dash.acme.test/"');
    const noLink = renderNotificationMail({
      ...notification,
      conversationUrl: null,
      brand: { ...brand, dashboardUrl: null },
    });
    expect(noLink.html).not.toContain('<a ');
    expect(noLink.text).not.toContain('http');
  });

  test('the plain text is not escaped, and every table of the page is there for its looks alone', () => {
    const mail = renderNotificationMail({ ...notification, body: 'a < b & "c"' });
    expect(mail.text).toContain('a < b & "c"');
    expect(mail.html).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(mail.html.match(/<table(?! role="presentation")/g)).toBeNull();
    expect(mail.html).toContain('prefers-color-scheme: dark');
  });
});

describe('renderInquiryAnswerMail', () => {
  test('carries answer, signature and the quoted inquiry in both forms', async () => {
    const mail = renderInquiryAnswerMail({ ...answer, inquiryText: 'Where is it?\r\nThanks' });
    expect(mail.subject).toBe('Your question to Acme');
    expect(mail.text).toContain(
      'Hello Vera,\n\nIt arrives tomorrow.\n\nOlga, Acme\n\nYou asked:\n> Where is it?\n> Thanks',
    );
    const readBack = await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${mail.html}`);
    for (const words of ['Hello Vera,', 'It arrives tomorrow.', 'Olga, Acme', 'help@acme.test']) {
      expect(readBack.text).toContain(words);
    }
  });

  test('without a name it greets and signs without one', () => {
    const mail = renderInquiryAnswerMail({ ...answer, visitorName: null, answeredBy: null });
    expect(mail.text).toMatch(/^Hello,\n/);
    expect(mail.text).toContain('\n\nAcme\n\n');
  });
});

describe('pieces', () => {
  test.each(['mail', 'turn-off'])('no place of the template %s takes a value as markup', (name) => {
    const source = readFileSync(join(__dirname, `../../../src/delivery/mail/templates/${name}.hbs`), 'utf8');
    expect(source).toMatch(/\{\{\w+\}\}/);
    expect(source).not.toMatch(/\{\{\{|\{\{&/);
    // Without quotes around it a value could begin another attribute.
    expect(source).not.toMatch(/=\{\{/);
  });

  test.each(ATTACKS)('an invitation with %s in every name has no tag, attribute or link more', (attack) => {
    const content = { brand, texts, invitedBy: 'Olga', token: 'bat_i_x', expiresAt: new Date(0), timeZone: 'UTC' };
    const hostile = { ...content, brand: { ...brand, displayName: attack }, invitedBy: attack };
    expect(skeleton(renderInvitationMail(hostile).html)).toEqual(skeleton(renderInvitationMail(content).html));
  });

  test.each(ATTACKS)('a password reset with %s in every name has no tag, attribute or link more', (attack) => {
    const content = { brand, texts, recipientName: 'Olga', token: 'bat_p_x', hours: 1 };
    const hostile = { ...content, brand: { ...brand, displayName: attack }, recipientName: attack };
    expect(skeleton(renderPasswordResetMail(hostile).html)).toEqual(skeleton(renderPasswordResetMail(content).html));
    const codeOnly = renderPasswordResetMail({ ...content, brand: { ...brand, dashboardUrl: null } });
    expect(codeOnly.text).toContain('Your code: bat_p_x');
  });

  test('an invitation without a dashboard to link to brings the code itself', () => {
    const content = { texts, invitedBy: null, token: 'bat_i_x', expiresAt: new Date(0), timeZone: 'UTC' };
    const mail = renderInvitationMail({ ...content, brand: { ...brand, dashboardUrl: null } });
    expect(mail.text).toContain('Your code: bat_i_x');
    expect(mail.html).toContain('Your code: bat_i_x');
    expect(renderInvitationMail({ ...content, brand }).html).toContain(
      'href="https://dash.acme.test/invitations/bat_i_x"',
    );
  });

  test('paragraphs keep every kind of line break and drop control characters', () => {
    expect(paragraphsOf('a\r\nb\rc\u2028d\0\n\n\n<e>')).toEqual([['a', 'b', 'c', 'd'], ['<e>']]);
    expect(paragraphsOf(' \n ')).toEqual([]);
  });

  test.each(['red', '#fff', '#12345g', '#0000000', '#000000;x:y', 'url(x)', ' #000000', '#000000\n', null])(
    'the colour %j is replaced by the default',
    (primaryColor) => {
      expect(brandColors({ ...brand, primaryColor }).background).toBe('#3b5bdb');
    },
  );

  test.each([
    ['#000000', '#ffffff'],
    ['#ffffff', '#000000'],
    ['#ffcc00', '#000000'],
    ['#0A7F5A', '#ffffff'],
  ])('text on %s is %s', (primaryColor, foreground) => {
    expect(brandColors({ ...brand, primaryColor })).toEqual({ background: primaryColor, foreground });
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://x/', '/relative', '', null])(
    'the URL %j is dropped',
    (url) => {
      expect(webUrl(url)).toBeNull();
    },
  );
});
