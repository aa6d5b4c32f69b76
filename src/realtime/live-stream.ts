import type { EventName, LoggedEvent } from '../domain/events';
import { eventKey, type Hub } from './hub';
import { PushStream, type StreamSource } from './push-stream';
import { retryRead } from './retry';

const MAX_QUEUED = 1000;

/** An event, or a row that the stream begins with. */
export type LiveItem = Pick<LoggedEvent, 'subjectId' | 'snapshot'>;

export interface LiveStreamOptions {
  readonly match: { readonly userId: string } | { readonly agentId: string };
  readonly names: readonly EventName[];
  /**
   * Read after the stream has been connected and told first: what is already waiting. A live event about the same
   * subject is left out, so each comes once.
   */
  readonly initial?: () => Promise<readonly LiveItem[]>;
  /** The reader is too slow: close its socket with 4008. The stream has ended. */
  readonly onOverflow: () => void;
  readonly signal?: AbortSignal;
}

/** What happens from now on for one person or one agent. No cursor; nothing happens before the first `next()`. */
export function openLiveStream(hub: Hub, options: LiveStreamOptions): AsyncIterableIterator<LiveItem, undefined> {
  return new PushStream<LiveItem>((stream) => new LiveSource(stream, hub, options));
}

class LiveSource implements StreamSource {
  private readonly stopping = new AbortController();
  private readonly onAbort = (): void => this.stream.end();
  /** Subjects of `initial` whose event has not come yet. */
  private readonly told = new Set<string>();
  private early: LoggedEvent[] | null = [];
  private unregister: (() => void) | null = null;

  constructor(
    private readonly stream: PushStream<LiveItem>,
    private readonly hub: Hub,
    private readonly options: LiveStreamOptions,
  ) {}

  start(): void {
    this.options.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (this.options.signal?.aborted === true) {
      this.stream.end();
      return;
    }
    this.unregister = this.hub.events.add(eventKey(this.options.match), {
      offer: (event) => this.offer(event),
      end: () => this.stream.end(),
    });
    this.open().catch((error: unknown) => this.stream.fail(error));
  }

  stop(): void {
    this.stopping.abort();
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.unregister?.();
    this.early = null;
  }

  private async open(): Promise<void> {
    const { initial } = this.options;
    const first = initial === undefined ? [] : await retryRead(initial, this.stopping.signal);
    for (const item of first) {
      this.told.add(item.subjectId);
      this.stream.push(item);
    }
    const early = this.early ?? [];
    this.early = null;
    for (const event of early) this.tell(event);
  }

  private offer(event: LoggedEvent): void {
    if (!this.options.names.includes(event.name)) return;
    if ((this.early?.length ?? this.stream.size) >= MAX_QUEUED) {
      this.options.onOverflow();
      this.stream.end();
    } else if (this.early !== null) this.early.push(event);
    else this.tell(event);
  }

  /** The row that `initial` read may come as an event much later: its outbox row had not been dispatched yet. */
  private tell(event: LoggedEvent): void {
    if (!this.told.delete(event.subjectId)) this.stream.push(event);
  }
}
