import type { EventRow } from './history';

/**
 * One name for one event, the same from its row in the log and from what a client received of it. A conversation moves on by
 * its epoch; a handoff by its state and since when it is in it, for it can be handed on; an inquiry is in each of its states
 * once; a message comes once.
 */
export function eventKey(event: Pick<EventRow, 'name' | 'subjectId' | 'state' | 'since' | 'controlEpoch'>): string {
  switch (event.name) {
    case 'CONVERSATION_CHANGED':
      return `conversation ${event.subjectId} at epoch ${event.controlEpoch ?? '?'}`;
    case 'HANDOFF_CHANGED':
      return `handoff ${event.subjectId} ${event.state ?? '?'} ${Date.parse(event.since ?? '')}`;
    case 'INQUIRY_CHANGED':
      return `inquiry ${event.subjectId} ${event.state ?? '?'}`;
    case 'MESSAGE_ADDED':
      return `message ${event.subjectId}`;
    default:
      return `${event.name} ${event.subjectId}`;
  }
}
