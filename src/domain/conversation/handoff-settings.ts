/** AI_SILENT: nobody answers while a request waits (control NONE). AI_ANSWERS: the AI goes on (control AI). */
export type WhileWaiting = 'AI_SILENT' | 'AI_ANSWERS';

/** Texts that a change of control writes into the conversation; `{operator}` and `{agent}` are replaced. */
export interface AnnouncementTexts {
  requested: string;
  accepted: string;
  returned: string;
  unanswered: string;
  cancelled: string;
}

export const DEFAULT_ANNOUNCEMENTS: Readonly<AnnouncementTexts> = {
  requested: 'We are looking for somebody from our team. You can keep writing.',
  accepted: '{operator} has joined the conversation.',
  returned: '{operator} has left. {agent} is back with you.',
  unanswered:
    'Nobody from our team could join in time. {agent} is back with you, and you can leave your question with your e-mail address.',
  cancelled: 'The request for a person was cancelled. {agent} is back with you.',
};

export const DEFAULT_HANDOFF_TITLE = 'Talk to a person';
export const DEFAULT_HANDOFF_SUBTITLE = 'Somebody from our team can take over this conversation.';

/** Whether a text wants to know when people answer again. */
export function asksForOpening(template: string): boolean {
  return template.includes('{nextOpening}');
}

/**
 * Fills in the names, and when people answer again. A name is inserted as it is, never read as a template itself. Where
 * nobody has set hours there is nothing to say, and no hole is left.
 */
export function fillAnnouncement(
  template: string,
  names: { operator: string; agent: string; nextOpening?: string | null },
): string {
  const known = names.nextOpening ? template : template.replace(/\s*\{nextOpening\}/g, '');
  return known.replace(
    /\{(operator|agent|nextOpening)\}/g,
    (_match, key: 'operator' | 'agent' | 'nextOpening') => names[key] ?? '',
  );
}
