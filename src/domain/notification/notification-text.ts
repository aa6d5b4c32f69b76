import type { HandoffOrigin } from '../conversation/states';
import type { AlertKind } from './notification-kinds';

/** What a notification says something about. */
export type AlertSubject =
  | {
      readonly kind: 'HANDOFF_REQUESTED' | 'HANDOFF_TRANSFERRED' | 'HANDOFF_UNANSWERED';
      readonly visitorName: string;
      readonly agentName: string;
      readonly origin: HandoffOrigin;
      readonly reason: string | null;
      readonly summary: string | null;
      readonly lastVisitorText: string | null;
      /** Who hands it on, with a note for whoever is next; null: the visitor or the AI asks. */
      readonly transfer: { readonly byName: string; readonly note: string | null } | null;
    }
  | { readonly kind: 'INQUIRY_SUBMITTED'; readonly visitorName: string; readonly text: string }
  /** `count`: how many messages; `text` is the newest. */
  | { readonly kind: 'MESSAGE_RECEIVED'; readonly visitorName: string; readonly text: string; readonly count: number };

/** A push shows about two lines; the mail and the bell link to the whole conversation. */
const MAX_BODY_CODE_POINTS = 200;
const MAX_NAME_CODE_POINTS = 100;
/** Leaves half of the body to the visitor's words. */
const MAX_REASON_CODE_POINTS = 100;

/** Title and body as plain text. The title is one line, whatever name a visitor chose. */
export function notificationText(subject: AlertSubject): { title: string; body: string } {
  const visitor = shorten(singleLine(subject.visitorName), MAX_NAME_CODE_POINTS) || 'A visitor';
  return { title: titleOf(subject, visitor), body: shorten(bodyOf(subject).trim(), MAX_BODY_CODE_POINTS) };
}

/** What a request's entry says once somebody has taken it: the same place, other words. */
export function claimedText(operatorName: string, requestTitle: string): { title: string; body: string } {
  const operator = shorten(singleLine(operatorName), MAX_NAME_CODE_POINTS) || 'A colleague';
  return { title: `${operator} has it`, body: requestTitle };
}

function titleOf(subject: AlertSubject, visitor: string): string {
  const titles: Record<AlertKind, string> = {
    HANDOFF_REQUESTED: `${visitor} asks for a person`,
    HANDOFF_TRANSFERRED: `You have the conversation with ${visitor}`,
    HANDOFF_UNANSWERED: `Nobody answered ${visitor} in time`,
    INQUIRY_SUBMITTED: `${visitor} left an inquiry`,
    MESSAGE_RECEIVED: `${visitor} wrote a message`,
  };
  if (subject.kind === 'MESSAGE_RECEIVED' && subject.count > 1) return `${visitor} wrote ${subject.count} messages`;
  if (subject.kind !== 'HANDOFF_REQUESTED' && subject.kind !== 'HANDOFF_TRANSFERRED') return titles[subject.kind];
  if (subject.transfer !== null) {
    const by = shorten(singleLine(subject.transfer.byName), MAX_NAME_CODE_POINTS) || 'An operator';
    return subject.kind === 'HANDOFF_TRANSFERRED'
      ? `${by} hands ${visitor} over to you`
      : `${by} hands ${visitor} to the team`;
  }
  if (subject.origin !== 'AI') return titles[subject.kind];
  const agent = shorten(singleLine(subject.agentName), MAX_NAME_CODE_POINTS) || 'The AI';
  return `${agent} asks for a person for ${visitor}`;
}

function bodyOf(subject: AlertSubject): string {
  if (subject.kind === 'INQUIRY_SUBMITTED' || subject.kind === 'MESSAGE_RECEIVED') return subject.text;
  const { transfer, reason, summary, lastVisitorText } = subject;
  const why =
    [transfer?.note ?? null, reason, summary].find((text) => text !== null && text.trim() !== '')?.trim() ?? '';
  const words = lastVisitorText?.trim() ?? '';
  if (words === '' || words === why) return why;
  // The visitor's own words tell an operator most: whether it is theirs to answer, and how urgent it is.
  return why === '' ? words : `${shorten(why, MAX_REASON_CODE_POINTS)}\n“${words}”`;
}

function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}

/** Between code points, with an ellipsis where something was cut. */
function shorten(text: string, max: number): string {
  const points = Array.from(text);
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
}
