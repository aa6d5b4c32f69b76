import type { EventRow } from './final-state';

type KeyedEvent = Pick<EventRow, 'name' | 'subjectId' | 'state' | 'since' | 'controlEpoch' | 'version' | 'files'>;

/** How the key of a note begins. */
export const NOTE_KEY = 'note ';

/**
 * One name for one event, the same from its row in the log and from what a client received of it. A conversation moves on by
 * its epoch; a handoff by its version, beside its state and since when it is in it; an inquiry is in each of its states
 * once; a message comes once, with its files, and a note.
 */
export function eventKey(event: KeyedEvent): string {
  switch (event.name) {
    case 'CONVERSATION_CHANGED':
      return `conversation ${event.subjectId} at epoch ${event.controlEpoch ?? '?'}`;
    case 'HANDOFF_CHANGED':
      return `handoff ${event.subjectId} ${event.state ?? '?'} ${Date.parse(event.since ?? '')} v${event.version ?? '?'}`;
    case 'INQUIRY_CHANGED':
      return `inquiry ${event.subjectId} ${event.state ?? '?'}`;
    case 'MESSAGE_ADDED':
      return [`message ${event.subjectId}`, ...event.files].join(' ');
    case 'NOTE_ADDED':
      return `${NOTE_KEY}${event.subjectId}`;
    default:
      return `${event.name} ${event.subjectId}`;
  }
}
