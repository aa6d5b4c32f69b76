import { webUrl, type Brand, type RenderedMail } from './brand';
import { greetingBlock, type MailBlock } from './mail-document';
import { singleLine } from './outgoing-mail';
import { normalizeBreaks } from './plain-text';
import { renderMail } from './render-mail';
import type { TextKey, Texts } from './texts';

export type NotificationMailKind =
  'HANDOFF_REQUESTED' | 'HANDOFF_TRANSFERRED' | 'HANDOFF_UNANSWERED' | 'INQUIRY_SUBMITTED' | 'MESSAGE_RECEIVED';

export interface NotificationMailContent {
  kind: NotificationMailKind;
  title: string;
  body: string;
  brand: Brand;
  texts: Texts;
  recipientName: string;
  conversationUrl: string | null;
  /** Where the reader can turn such mails off. Null: this server has no address of its own. */
  turnOffUrl?: string | null;
}

/** What the title names. An `agentName` says that the AI asked, not the visitor. */
export interface NotificationNames {
  readonly visitorName: string;
  readonly agentName: string | null;
  /** How many messages it tells of. */
  readonly count?: number;
}

const WORDING: Record<NotificationMailKind, { title: TextKey; intro: TextKey; action: TextKey }> = {
  HANDOFF_REQUESTED: {
    title: 'handoffRequested.title',
    intro: 'handoffRequested.intro',
    action: 'openConversation',
  },
  HANDOFF_TRANSFERRED: {
    title: 'handoffTransferred.title',
    intro: 'handoffTransferred.intro',
    action: 'openConversation',
  },
  HANDOFF_UNANSWERED: {
    title: 'handoffUnanswered.title',
    intro: 'handoffUnanswered.intro',
    action: 'openConversation',
  },
  INQUIRY_SUBMITTED: {
    title: 'inquirySubmitted.title',
    intro: 'inquirySubmitted.intro',
    action: 'inquirySubmitted.action',
  },
  MESSAGE_RECEIVED: { title: 'messageReceived.title', intro: 'messageReceived.intro', action: 'openConversation' },
};
const MAX_NAME = 100;

/** The title in the reader's language; the bell, which has one for everybody, keeps that of the notification. */
export function notificationMailTitle(texts: Texts, kind: NotificationMailKind, names: NotificationNames): string {
  const visitor = singleLine(names.visitorName, MAX_NAME) || texts.text('aVisitor');
  const { count = 1 } = names;
  if (kind === 'MESSAGE_RECEIVED' && count > 1) return texts.text('messageReceived.titleOfSeveral', { visitor, count });
  if (kind !== 'HANDOFF_REQUESTED' || names.agentName === null) return texts.text(WORDING[kind].title, { visitor });
  const agent = singleLine(names.agentName, MAX_NAME) || texts.text('theAi');
  return texts.text('handoffRequested.titleByAi', { visitor, agent });
}

/** The mail to an operator about one notification. Pure: the same content gives the same mail. */
export function renderNotificationMail(content: NotificationMailContent): RenderedMail {
  const { kind, brand, texts, body } = content;
  const intro = texts.text(WORDING[kind].intro);
  const words = normalizeBreaks(body);
  const url = webUrl(content.conversationUrl) ?? webUrl(brand.dashboardUrl);
  const { turnOffUrl = null } = content;
  return renderMail({
    brand,
    texts,
    subject: singleLine(content.title, 200),
    preview: words === '' ? intro : words,
    blocks: [
      greetingBlock(texts, singleLine(content.recipientName, MAX_NAME)),
      { kind: 'TEXT', text: intro },
      ...(words === '' ? [] : [{ kind: 'WORDS', text: words } satisfies MailBlock]),
      ...(url === null ? [] : [{ kind: 'BUTTON', label: texts.text(WORDING[kind].action), url } satisfies MailBlock]),
    ],
    footer: texts.text('notification.footer', { brand: singleLine(brand.displayName, MAX_NAME) }),
    footerLink: turnOffUrl === null ? null : { label: texts.text('notification.turnOff'), url: turnOffUrl },
  });
}
