import { webUrl, type Brand, type RenderedMail } from './brand';
import { html, normalizeBreaks, paragraphs } from './html';
import { button, layout, quote, TEXT_STYLE } from './mail-layout';
import { singleLine } from './outgoing-mail';

export type NotificationMailKind =
  'HANDOFF_REQUESTED' | 'HANDOFF_TRANSFERRED' | 'HANDOFF_UNANSWERED' | 'INQUIRY_SUBMITTED' | 'MESSAGE_RECEIVED';

export interface NotificationMailContent {
  kind: NotificationMailKind;
  title: string;
  body: string;
  brand: Brand;
  recipientName: string;
  conversationUrl: string | null;
}

const WORDING: Record<NotificationMailKind, { intro: string; action: string }> = {
  HANDOFF_REQUESTED: { intro: 'A visitor is waiting for a person to answer.', action: 'Open the conversation' },
  HANDOFF_TRANSFERRED: {
    intro: 'You have this conversation now: the visitor waits for your answer.',
    action: 'Open the conversation',
  },
  HANDOFF_UNANSWERED: {
    intro: 'Nobody answered this visitor in time. The AI has the conversation again.',
    action: 'Open the conversation',
  },
  INQUIRY_SUBMITTED: {
    intro: 'A visitor left an inquiry and waits for an answer by e-mail.',
    action: 'Answer the inquiry',
  },
  MESSAGE_RECEIVED: { intro: 'There is a new message for you.', action: 'Open the conversation' },
};

/** The mail to an operator about one notification. Pure: the same content gives the same mail. */
export function renderNotificationMail(content: NotificationMailContent): RenderedMail {
  const { kind, brand, body } = content;
  const { intro, action } = WORDING[kind];
  const title = singleLine(content.title, 200);
  const greeting = greet(content.recipientName);
  const url = webUrl(content.conversationUrl) ?? webUrl(brand.dashboardUrl);
  const words = normalizeBreaks(body);
  const footer = `You get this mail because of your notification settings at ${brand.displayName}.`;

  const markup = layout({
    brand,
    title,
    preview: singleLine(words === '' ? intro : words, 120),
    footer,
    content: [
      html`<p style="${TEXT_STYLE}">${greeting}</p>`,
      html`<p style="${TEXT_STYLE}">${intro}</p>`,
      words === '' ? null : quote(brand, paragraphs(words, TEXT_STYLE)),
      url === null ? null : button(brand, url, action),
    ],
  });
  const text = [
    title,
    greeting,
    intro,
    words,
    url === null ? '' : `${action}: ${url}`,
    `-- \n${singleLine(footer, 300)}`,
  ];
  return { subject: title, text: `${text.filter((part) => part !== '').join('\n\n')}\n`, html: markup };
}

function greet(name: string): string {
  const shown = singleLine(name, 100);
  return shown === '' ? 'Hello,' : `Hello ${shown},`;
}
