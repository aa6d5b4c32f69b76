import { eventKey, NOTE_KEY } from './event-key';
import type { EventRow } from './final-state';
import type { Breach, StreamKind, StreamRecord } from './history';

/** Further behind than this, a stream may say `recovered: false` (README, Streams). */
const MAX_REPLAYED = 300;
/** One fault that shifts a stream would otherwise be told a thousand times. */
const MOST_BREACHES = 5;

const CONVERSATION = ['MESSAGE_ADDED', 'CONVERSATION_CHANGED', 'HANDOFF_CHANGED', 'CONVERSATION_ERASED'];
const FEED = [...CONVERSATION, 'INQUIRY_CHANGED'];
const NAMES: Readonly<Record<StreamKind, readonly string[]>> = {
  CONVERSATION,
  ORGANIZATION: FEED,
  WORKSPACE: FEED,
  HANDOFFS: ['HANDOFF_CHANGED', 'CONVERSATION_ERASED'],
};

/**
 * What one subscriber got must be what the log holds for it: each event once, in order, from the first to the last, over
 * all its connections. A gap is allowed where the server said so (`recovered: false`) and had more than 300 events to bring.
 */
export function checkStream(stream: StreamRecord, events: readonly EventRow[]): Breach[] {
  const expected = events.filter((event) => concerns(stream, event)).map(eventKey);
  const births = stream.kind === 'CONVERSATION' ? events.filter(isBirth).map(eventKey) : [];
  return new StreamCheck(stream, expected, new Set(births)).run();
}

function concerns({ kind, scopeId, agentIds, readsNotes, fromPosition }: StreamRecord, event: EventRow): boolean {
  if (event.name === 'NOTE_ADDED') {
    if (!readsNotes || kind === 'HANDOFFS') return false;
  } else if (!NAMES[kind].includes(event.name)) return false;
  if (fromPosition !== null && event.position <= fromPosition) return false;
  // Its visitor asks for the cursor with the very mutation that this tells of: it may lie ahead of it, or behind.
  if (kind === 'CONVERSATION' && isBirth(event)) return false;
  if (agentIds !== null && !agentIds.includes(event.agentId ?? '')) return false;
  if (kind === 'CONVERSATION') return event.conversationId === scopeId;
  return (kind === 'WORKSPACE' ? event.workspaceId : event.organizationId) === scopeId;
}

function isBirth({ name, controlEpoch }: EventRow): boolean {
  return name === 'CONVERSATION_CHANGED' && controlEpoch === 1;
}

class StreamCheck {
  private readonly breaches: Breach[] = [];
  private readonly places: ReadonlyMap<string, number>;
  private readonly seen = new Set<number>();
  private readonly cursors = new Set<string>();
  /** Index of the newest event that came. */
  private last = -1;
  private gaveUp = false;

  constructor(
    private readonly stream: StreamRecord,
    private readonly expected: readonly string[],
    private readonly births: ReadonlySet<string>,
  ) {
    this.places = new Map(expected.map((key, index) => [key, index]));
  }

  run(): Breach[] {
    for (const entry of this.stream.entries) {
      // Without `after` it says `recovered: false` too, and begins where it stands.
      if (entry.kind === 'READY') this.gaveUp ||= !entry.recovered && entry.after !== null;
      else if (!this.births.has(entry.key)) this.receive(entry.key, entry.cursor);
    }
    this.close(this.expected.length);
    return this.breaches.slice(0, MOST_BREACHES);
  }

  private receive(key: string, cursor: string): void {
    const place = this.places.get(key);
    if (place === undefined) {
      const isSecret = key.startsWith(NOTE_KEY) && !this.stream.readsNotes;
      this.add(isSecret ? 'LEAKED' : 'INVENTED', `got ${key}, which the log does not hold for it`);
      return;
    }
    if (this.seen.has(place)) this.add('DOUBLED', `got ${key} twice`);
    else if (this.cursors.has(cursor)) this.add('DOUBLED', `got the cursor of ${key} twice`);
    else if (place < this.last) this.add('REORDERED', `got ${key} behind ${this.expected[this.last] ?? ''}`);
    else this.close(place);
    this.seen.add(place);
    this.cursors.add(cursor);
    this.last = Math.max(this.last, place);
  }

  /** Everything between the newest event and this place has not come. */
  private close(place: number): void {
    const missing = place - this.last - 1;
    const isExcused = this.gaveUp && missing > MAX_REPLAYED;
    if (this.gaveUp && !isExcused) {
      this.add(
        'LOST',
        `was told \`recovered: false\` when ${missing} events had passed, which is not more than ${MAX_REPLAYED}`,
      );
    } else if (missing > 0 && !isExcused) {
      this.add('LOST', `never got ${missing} events, the first of them ${this.expected[this.last + 1] ?? ''}`);
    }
    this.gaveUp = false;
  }

  private add(kind: Breach['kind'], what: string): void {
    this.breaches.push({ kind, detail: `${this.stream.name} ${what}` });
  }
}
