import { decodeCursor } from '../../src/realtime/cursor';
import { eventKey } from '../history/event-key';
import type { StreamKind } from '../history/history';
import { type Recorder, uuidOf } from '../history/recorder';
import { type EventView, STREAMS } from './documents';
import { follow, type Followed, type FollowOptions } from './follow';

/** How each note of a run begins: whoever is not to see one knows it by that. */
export const NOTE_MARK = 'For us alone:';

export interface FollowEventsOptions extends Pick<FollowOptions<EventView>, 'urls' | 'token' | 'chance' | 'recorder'> {
  readonly name: string;
  readonly kind: StreamKind;
  /** Public id of the conversation, organization or workspace. */
  readonly scopeId: string;
  /** UUIDs; null for all. */
  readonly agentIds: readonly string[] | null;
  /** Where to begin; null: now. */
  readonly after: string | null;
  readonly readsNotes: boolean;
  /** Whether it begins in the middle: what was before is not for it. */
  readonly isLate?: boolean;
  readonly onEvent?: (event: EventView) => void;
}

export interface FollowedEvents extends Followed {
  /** Resolves when the stream has begun. */
  readonly begun: Promise<void>;
}

/** Follows an event stream as the README tells clients to, and records everything that comes. */
export function followEvents(options: FollowEventsOptions): FollowedEvents {
  const { name, kind, scopeId, agentIds, readsNotes, isLate = false, recorder } = options;
  const stream = recorder.stream({ name, kind, scopeId: uuidOf(scopeId), agentIds, readsNotes, fromPosition: null });
  const { entries } = stream;
  let cursor = options.after;
  let asked: string | null = null;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const followed = follow<EventView>({
    ...options,
    query: STREAMS[kind],
    variables: () => {
      asked = cursor;
      return { id: scopeId, after: cursor };
    },
    onItem: (item) => {
      if (item.__typename === 'StreamReady') {
        const recovered = item.recovered === true;
        entries.push({ kind: 'READY', recovered, after: asked, cursor: item.cursor });
        if (isLate) stream.fromPosition ??= decodeCursor(item.cursor)?.position ?? null;
        recorder.count(recovered ? 'resume' : 'subscribe anew', 'ok');
        begin();
      } else {
        entries.push({ kind: 'EVENT', key: keyOf(item), cursor: item.cursor });
        if (!readsNotes) watchForNotes(recorder, name, item);
      }
      cursor = item.cursor;
      options.onEvent?.(item);
    },
  });
  return { ...followed, begun };
}

/** Whatever it is that it came in. */
export function watchForNotes(recorder: Recorder, who: string, item: unknown): void {
  const text = JSON.stringify(item);
  if (text.includes(NOTE_MARK)) recorder.sightings.push({ who, what: `a note, in ${text.slice(0, 200)}` });
}

function keyOf(item: EventView): string {
  const { message, note, handoff, conversation, inquiry, conversationId } = item;
  const subject = message?.id ?? note?.id ?? handoff?.id ?? conversation?.id ?? inquiry?.id ?? conversationId;
  if (subject === undefined) throw new Error(`${item.__typename} is about nothing that we asked for`);
  return eventKey({
    name: item.__typename.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase(),
    subjectId: uuidOf(subject),
    state: handoff?.state ?? inquiry?.state ?? null,
    since: handoff?.acceptedAt ?? handoff?.answerBy ?? null,
    controlEpoch: conversation?.controlEpoch ?? null,
    version: handoff?.version ?? null,
    files: message?.attachments?.map(({ id }) => uuidOf(id)) ?? [],
  });
}
