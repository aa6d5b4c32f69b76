import type { HandoffOrigin } from '../conversation/states';
import type { NotificationKind } from './notification-kinds';

/** What a notification says something about. */
export type AlertSubject =
  | {
      readonly kind: 'HANDOFF_REQUESTED' | 'HANDOFF_UNANSWERED';
      readonly visitorName: string;
      readonly agentName: string;
      readonly origin: HandoffOrigin;
      readonly reason: string | null;
      readonly summary: string | null;
      readonly lastVisitorText: string | null;
    }
  | { readonly kind: 'INQUIRY_SUBMITTED'; readonly visitorName: string; readonly text: string }
  | { readonly kind: 'MESSAGE_RECEIVED'; readonly visitorName: string; readonly text: string };

/** A push shows about two lines; the mail and the bell link to the whole conversation. */
const MAX_BODY_CODE_POINTS = 200;
const MAX_NAME_CODE_POINTS = 100;

/** Title and body as plain text. The title is one line, whatever name a visitor chose. */
export function notificationText(subject: AlertSubject): { title: string; body: string } {
  const visitor = shorten(singleLine(subject.visitorName), MAX_NAME_CODE_POINTS) || 'A visitor';
  return { title: titleOf(subject, visitor), body: shorten(bodyOf(subject).trim(), MAX_BODY_CODE_POINTS) };
}

function titleOf(subject: AlertSubject, visitor: string): string {
  const titles: Record<NotificationKind, string> = {
    HANDOFF_REQUESTED: `${visitor} asks for a person`,
    HANDOFF_UNANSWERED: `Nobody answered ${visitor} in time`,
    INQUIRY_SUBMITTED: `${visitor} left an inquiry`,
    MESSAGE_RECEIVED: `${visitor} wrote a message`,
  };
  if (subject.kind !== 'HANDOFF_REQUESTED' || subject.origin !== 'AI') return titles[subject.kind];
  const agent = shorten(singleLine(subject.agentName), MAX_NAME_CODE_POINTS) || 'The AI';
  return `${agent} asks for a person for ${visitor}`;
}

function bodyOf(subject: AlertSubject): string {
  if (subject.kind === 'INQUIRY_SUBMITTED' || subject.kind === 'MESSAGE_RECEIVED') return subject.text;
  return (
    [subject.reason, subject.summary, subject.lastVisitorText].find((text) => text !== null && text.trim() !== '') ?? ''
  );
}

function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}

/** Between code points, with an ellipsis where something was cut. */
function shorten(text: string, max: number): string {
  const points = Array.from(text);
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
}
