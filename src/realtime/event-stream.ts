import type { EventName, LoggedEvent } from '../domain/events';
import { type EventScope, type LogPage, readScopeEvents } from '../queries/read-events';
import type { Read } from '../database/scope';
import { decodeCursor, encodeCursor, isOfLog } from './cursor';
import { eventKey, type Hub } from './hub';
import { PushStream, type StreamSource } from './push-stream';
import { retryRead } from './retry';

/** Events that a stream may hold for a reader who does not read. */
const MAX_QUEUED = 1000;
/** Further behind than this, loading the state again is cheaper than replaying. */
const MAX_REPLAYED = 300;

export type StreamItem =
  | { readonly kind: 'READY'; readonly cursor: string; readonly recovered: boolean; readonly replayed: number }
  | { readonly kind: 'EVENT'; readonly cursor: string; readonly event: LoggedEvent };

export interface EventStreamOptions {
  /** Reads what the reader's tenant may see: what was missed. */
  readonly read: Read;
  readonly scope: EventScope;
  readonly names: readonly EventName[];
  /** Events of these agents alone; null for all. */
  readonly agentIds: readonly string[] | null;
  /** Null: from now on; READY then says `recovered: false`, which means nothing without an `after`. */
  readonly after: string | null;
  /** The reader is too slow: close its socket with 4008, so that it resumes. The stream has ended. */
  readonly onOverflow: () => void;
  readonly signal?: AbortSignal;
}

/**
 * Every event of a scope once and in order, READY first. With `after`, everything behind it follows, or READY says
 * `recovered: false` (unknown, foreign, pruned or future cursor, or more than 300 events behind) and the stream is live only.
 *
 * Nothing happens before the first `next()`. The caller has to authorize first.
 */
export function openEventStream(hub: Hub, options: EventStreamOptions): AsyncIterableIterator<StreamItem, undefined> {
  return new PushStream<StreamItem>((stream) => new ScopeSource(stream, hub, options));
}

class ScopeSource implements StreamSource {
  private readonly names: ReadonlySet<EventName>;
  private readonly agentIds: ReadonlySet<string> | null;
  private readonly stopping = new AbortController();
  private readonly onAbort = (): void => this.stream.end();
  /** Live events that wait until the replay has been read; null once they go straight to the reader. */
  private early: LoggedEvent[] | null = [];
  private logId = '';
  private unregister: (() => void) | null = null;

  constructor(
    private readonly stream: PushStream<StreamItem>,
    private readonly hub: Hub,
    private readonly options: EventStreamOptions,
  ) {
    this.names = new Set(options.names);
    this.agentIds = options.agentIds === null ? null : new Set(options.agentIds);
  }

  start(): void {
    this.options.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (this.options.signal?.aborted === true) this.stream.end();
    else this.open().catch((error: unknown) => this.stream.fail(error));
  }

  stop(): void {
    this.stopping.abort();
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.unregister?.();
    this.early = null;
  }

  private async open(): Promise<void> {
    const { tail } = this.hub;
    await retryRead(() => tail.catchUp(), this.stopping.signal);
    if (this.stream.hasEnded()) return;
    // One synchronous step: events up to here are in the database, later ones come to `offer`. No gap, no double.
    const position = tail.position;
    this.logId = tail.logId;
    this.unregister = this.hub.events.add(eventKey(this.options.scope), {
      offer: (event) => this.offer(event),
      end: () => this.stream.end(),
    });
    const missed = await this.readMissed(position);
    if (this.stream.hasEnded()) return;
    this.begin(position, missed);
  }

  /** What happened since `after`; null when that cannot be told completely. */
  private async readMissed(upTo: number): Promise<readonly LoggedEvent[] | null> {
    const { scope, names, agentIds, after } = this.options;
    const place = after === null ? null : decodeCursor(after);
    if (place === null || !isOfLog(place, this.logId) || place.position > upTo) return null;
    const limit = MAX_REPLAYED + 1;
    const query = { scope, names, agentIds, after: place.position, upTo, limit };
    const readOnce = (): Promise<LogPage> => this.options.read((manager) => readScopeEvents(manager, query));
    const page = await retryRead(readOnce, this.stopping.signal);
    if (page.logId !== this.logId || page.prunedPosition > place.position) return null;
    return page.events.length > MAX_REPLAYED ? null : page.events;
  }

  private begin(position: number, missed: readonly LoggedEvent[] | null): void {
    const { after } = this.options;
    // On resume the old cursor: a client that dies before the replay has then lost nothing.
    const cursor = missed === null || after === null ? encodeCursor(this.logId, position) : after;
    this.stream.push({ kind: 'READY', cursor, recovered: missed !== null, replayed: missed?.length ?? 0 });
    const early = this.early ?? [];
    this.early = null;
    for (const event of [...(missed ?? []), ...early]) this.pushEvent(event);
  }

  private offer(event: LoggedEvent): void {
    if (!this.names.has(event.name)) return;
    if (this.agentIds !== null && (event.agentId === null || !this.agentIds.has(event.agentId))) return;
    const queued = this.early?.length ?? this.stream.size;
    if (queued >= MAX_QUEUED) this.overflow();
    else if (this.early !== null) this.early.push(event);
    else this.pushEvent(event);
  }

  private pushEvent(event: LoggedEvent): void {
    this.stream.push({ kind: 'EVENT', cursor: encodeCursor(this.logId, event.position), event });
    // Nothing can follow. Who goes on listening would also go on counting as watching it.
    if (event.name === 'CONVERSATION_ERASED' && 'conversationId' in this.options.scope) this.stream.finish();
  }

  /** The socket first: a client that saw the stream complete would not come back. */
  private overflow(): void {
    this.options.onOverflow();
    this.stream.end();
  }
}
