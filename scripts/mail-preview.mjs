import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import './check-node.mjs';
import { compile } from './compile.mjs';
import { projectRoot } from './project-root.mjs';

/**
 * Writes every mail in every language into mail-preview/, to be looked at in a browser: <mail>.<language>.html and .txt.
 * With --locales <folder> the languages of that folder come along. No browser is needed for it, and none is started.
 */
const FOLDER = join(projectRoot, 'mail-preview');
await compile();
const require = createRequire(import.meta.url);
const ofMail = (name) => require(join(projectRoot, 'dist/src/delivery/mail', `${name}.js`));
const { loadCatalogue } = ofMail('catalogue');
const { renderMail } = ofMail('render-mail');
const { notificationMailTitle, renderNotificationMail } = ofMail('notification-mail');

const at = process.argv.indexOf('--locales');
const catalogue = loadCatalogue({
  directory: at < 0 ? null : process.argv[at + 1],
  log: (fields, message) => console.warn(message, fields),
});
const brand = {
  displayName: 'Fine Shoes',
  logoUrl: `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" rx="14" fill="#0a7f5a"/><path d="M14 40l20-16 16 16z" fill="#fff"/></svg>')}`,
  primaryColor: '#0a7f5a',
  supportEmail: 'help@shoes.example',
  emailFromName: 'Fine Shoes Team',
  dashboardUrl: 'https://dashboard.shoes.example',
};
const words =
  'I ordered the brown boots in size 42 two weeks ago.\n\nThe parcel arrived open, and one boot is missing.';
const person = { recipientName: 'Olga', visitorName: 'Vera' };
const url = `${brand.dashboardUrl}/conversations/conv_1`;

const notification = (kind, agentName) => (texts) =>
  renderNotificationMail({
    ...{ kind, body: words, brand, texts, recipientName: person.recipientName, conversationUrl: url },
    title: notificationMailTitle(texts, kind, { visitorName: person.visitorName, agentName }),
    turnOffUrl: 'https://chat.shoes.example/mail/turn-off/x',
  });

const MAILS = {
  'handoff-requested': notification('HANDOFF_REQUESTED', null),
  'handoff-requested-by-ai': notification('HANDOFF_REQUESTED', 'Ava'),
  'handoff-unanswered': notification('HANDOFF_UNANSWERED', null),
  'inquiry-submitted': notification('INQUIRY_SUBMITTED', null),
  'message-received': notification('MESSAGE_RECEIVED', null),
  'inquiry-answer': (texts) =>
    ofMail('inquiry-answer-mail').renderInquiryAnswerMail({
      ...{ brand, texts, visitorName: person.visitorName, inquiryText: words, answeredBy: person.recipientName },
      answerText: 'We are sorry for that.\n\nThe missing boot leaves our house today.\nYou will have it on Friday.',
    }),
  invitation: (texts) =>
    ofMail('invitation-mail').renderInvitationMail({
      ...{ brand, texts, invitedBy: 'Olga', token: 'bat_i_x', expiresAt: new Date(), timeZone: 'Europe/Madrid' },
    }),
  'password-reset': (texts) =>
    ofMail('password-reset-mail').renderPasswordResetMail({
      brand,
      texts,
      recipientName: 'Olga',
      token: 'x',
      hours: 1,
    }),
  'password-reset-without-dashboard': (texts) =>
    ofMail('password-reset-mail').renderPasswordResetMail({
      ...{ texts, recipientName: 'Olga', token: 'bat_p_5Jm3vT0pXkq8', hours: 1 },
      brand: { ...brand, dashboardUrl: null, primaryColor: '#111827' },
    }),
  test: (texts) =>
    ofMail('test-mail').renderTestMail({
      ...{ brand, texts, recipientName: 'Olga', host: 'smtp.shoes.example', fromAddress: 'team@shoes.example' },
    }),
  digest: (texts) =>
    ofMail('digest-mail').renderDigestMail({
      ...{ brand, texts, recipientName: person.recipientName },
      lines: [
        {
          title: notificationMailTitle(texts, 'HANDOFF_REQUESTED', { visitorName: 'Vera', agentName: null }),
          body: words,
        },
        {
          title: notificationMailTitle(texts, 'MESSAGE_RECEIVED', { visitorName: 'Tom', agentName: null }),
          body: 'Hello?',
        },
        {
          title: notificationMailTitle(texts, 'HANDOFF_UNANSWERED', { visitorName: 'Kim', agentName: null }),
          body: '',
        },
      ],
    }),
  'test-notification': (texts) =>
    ofMail('test-notification-mail').renderTestNotificationMail({ brand, texts, recipientName: person.recipientName }),
  transcript: (texts) =>
    ofMail('transcript-mail').renderTranscriptMail({
      ...{ brand, texts, timeZone: 'Europe/Madrid', visitorName: 'Vera', count: 1204, at: new Date() },
      entries: [
        ['VISITOR', 'Vera', words],
        ['AI', 'Ava', 'I am sorry to hear that. Let me ask somebody from our team.'],
        ['SYSTEM', null, 'Olga has joined the conversation.'],
        ['OPERATOR', 'Olga', 'The missing boot leaves our house today.\n\nYou will have it on Friday.'],
        ['VISITOR', 'Vera', `https://shoes.example/orders/${'4711'.repeat(30)}`],
      ].map(([authorKind, authorName, text]) => ({ authorKind, authorName, text, createdAt: new Date() })),
    }),
  entries: (texts) =>
    renderMail({
      ...{
        brand,
        texts,
        subject: 'Entries',
        preview: words,
        footer: texts.text('test.footer', { brand: 'Fine Shoes' }),
      },
      blocks: [
        {
          kind: 'ENTRIES',
          entries: ['Vera', 'Ava', 'Olga'].map((heading) => ({ heading, detail: '9:41', text: words, url })),
        },
      ],
    }),
};

await mkdir(FOLDER, { recursive: true });
for (const language of catalogue.languages) {
  const texts = catalogue.textsFor(language);
  for (const [name, render] of Object.entries(MAILS)) {
    const { html, text, subject } = render(texts);
    // Mails take http(s) pictures alone; the preview brings its own along, for a machine without a network.
    const page = html.replace(
      '<span style="font-size:17px',
      `<img class="logo" src="${brand.logoUrl}" alt="" height="32" style="height:32px;max-width:160px;margin-right:10px;vertical-align:middle;border:0;" />$&`,
    );
    await writeFile(join(FOLDER, `${name}.${language}.html`), page);
    await writeFile(join(FOLDER, `${name}.${language}.txt`), `Subject: ${subject}\n\n${text}`);
  }
}
console.log(`${Object.keys(MAILS).length} mails in ${catalogue.languages.join(', ')} are in mail-preview/.`);
