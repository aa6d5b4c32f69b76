import type { EventName } from '../domain/events';
import { encodePublicId } from '../domain/public-id';
import { presentConversation } from '../presenters/present-conversation';
import { presentHandoff } from '../presenters/present-handoff';
import { presentInquiry } from '../presenters/present-inquiry';
import { presentNote } from '../presenters/present-note';
import { presentMessage } from '../presenters/present-message';
import { presentSnapshot } from '../presenters/present-snapshot';
import type { StreamItem } from '../realtime/event-feed';
import {
  ConversationChanged,
  ConversationErased,
  HandoffChanged,
  InquiryChanged,
  MessageAdded,
  NoteAdded,
  NoteRemoved,
  StreamReady,
} from '../schema/stream-events';

type StreamEvent =
  | StreamReady
  | MessageAdded
  | ConversationChanged
  | HandoffChanged
  | InquiryChanged
  | ConversationErased
  | NoteAdded
  | NoteRemoved;

/** Turns an item of an event stream into its API object, from the row as that event's transaction left it. */
export function presentStreamItem(item: StreamItem): StreamEvent {
  if (item.kind === 'READY') {
    const { cursor, recovered, replayed } = item;
    return Object.assign(new StreamReady(), { cursor, recovered, replayed });
  }
  const { cursor, event } = item;
  if (event.name === 'CONVERSATION_ERASED') {
    const conversationId = encodePublicId('conversation', event.subjectId);
    return Object.assign(new ConversationErased(), { cursor, conversationId });
  }
  const present = PRESENTERS[event.name];
  if (present === undefined || event.snapshot === null) {
    throw new Error(`Event ${event.name} at ${event.position} belongs into no stream.`);
  }
  return present(cursor, event.snapshot);
}

const PRESENTERS: Partial<Record<EventName, (cursor: string, row: Readonly<Record<string, unknown>>) => StreamEvent>> =
  {
    MESSAGE_ADDED: (cursor, row) =>
      Object.assign(new MessageAdded(), { cursor, message: presentSnapshot(row, presentMessage) }),
    CONVERSATION_CHANGED: (cursor, row) =>
      Object.assign(new ConversationChanged(), {
        cursor,
        conversation: presentSnapshot(row, presentConversation),
      }),
    HANDOFF_CHANGED: (cursor, row) =>
      Object.assign(new HandoffChanged(), { cursor, handoff: presentSnapshot(row, presentHandoff) }),
    NOTE_ADDED: (cursor, row) => Object.assign(new NoteAdded(), { cursor, note: presentSnapshot(row, presentNote) }),
    NOTE_REMOVED: (cursor, row) =>
      Object.assign(new NoteRemoved(), {
        cursor,
        noteId: encodePublicId('note', String(row.id)),
        conversationId: encodePublicId('conversation', String(row.conversationId)),
      }),
    INQUIRY_CHANGED: (cursor, row) =>
      Object.assign(new InquiryChanged(), { cursor, inquiry: presentSnapshot(row, presentInquiry) }),
  };
