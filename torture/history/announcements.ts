export type Announced = 'requested' | 'accepted' | 'returned' | 'unanswered' | 'cancelled';

/** What the agents of a run are set to say, so that a transcript tells how control moved. */
export const ANNOUNCEMENTS: Readonly<Record<Announced, string>> = {
  requested: '[requested]',
  accepted: '[accepted] {operator}',
  returned: '[returned]',
  unanswered: '[unanswered]',
  cancelled: '[cancelled]',
};

const NAMES = Object.keys(ANNOUNCEMENTS) as Announced[];

/** How control moved, by the text of a HANDOFF_EVENT. A closed conversation says a sentence that cannot be set. */
export function transitionOf(text: string): Announced | 'closed' {
  return NAMES.find((name) => text.startsWith(`[${name}]`)) ?? 'closed';
}

/** Who has the conversation from an `accepted` on. */
export function acceptedName(text: string): string {
  return text.replace(/^\[accepted\] /, '');
}
