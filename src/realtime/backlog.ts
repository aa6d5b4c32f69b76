import type { LoggedEvent } from '../domain/events';
import { encodeCursor } from './cursor';
import { endsFeed, type FeedOptions, type StreamItem } from './event-feed';
import type { LogEntry } from './shared-log';
import type { StreamCounts } from './stream-counts';

/** Events that are executed together: their reads are batched. */
const MAX_BATCH = 100;
/** Events that wait for their execution; more of them is no backlog any more but a fault. */
const MAX_WAITING = 10_000;

/** Turns items into the `payload` of a `next` message each, as JSON. */
export type Render = (items: readonly StreamItem[]) => Promise<readonly Buffer[]>;

export interface BacklogOptions {
  readonly feed: Pick<FeedOptions, 'scope'>;
  readonly logId: string;
  readonly counts: Pick<StreamCounts, 'executions'>;
  readonly render: Render;
  /** Resolves when more may be rendered. */
  readonly room: () => Promise<void>;
  readonly onRendered: (events: readonly LoggedEvent[], entries: readonly LogEntry[]) => void;
  /** It could not be rendered, or too much waits: nothing is rendered any more. */
  readonly onFailed: (error: unknown) => void;
}

/** Events that a group has still to render. They are rendered in batches, one after the other, so that order stays. */
export class Backlog {
  private readonly events: LoggedEvent[] = [];
  private isRunning = false;
  private isStopped = false;

  constructor(private readonly options: BacklogOptions) {}

  /** What waits, what is being rendered included, in the order of the event log. */
  get waiting(): readonly LoggedEvent[] {
    return this.events;
  }

  push(...events: readonly LoggedEvent[]): void {
    this.events.push(...events);
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    this.run().catch((error: unknown) => this.fail(error));
  }

  stop(): void {
    this.isStopped = true;
  }

  private async run(): Promise<void> {
    // The tail gives event by event what it has read together: that is executed together, too.
    await Promise.resolve();
    while (this.events.length > 0 && !this.hasStopped()) {
      if (this.events.length > MAX_WAITING) throw new Error(`${this.events.length} events wait for being executed.`);
      const batch = this.events.slice(0, MAX_BATCH);
      const entries = await this.render(batch);
      if (this.hasStopped()) return;
      this.events.splice(0, batch.length);
      this.options.onRendered(batch, entries);
      await this.options.room();
      if (this.hasStopped()) return;
    }
    this.isRunning = false;
  }

  /** Of missed events too, which never stood in this backlog. */
  async render(events: readonly LoggedEvent[]): Promise<LogEntry[]> {
    const { feed, logId, render, counts } = this.options;
    const payloads = await render(
      events.map((event) => ({ kind: 'EVENT', cursor: encodeCursor(logId, event.position), event })),
    );
    counts.executions += events.length;
    return events.map((event, index) => {
      const payload = payloads[index];
      if (payload === undefined) throw new Error(`Event ${event.position} was not rendered.`);
      const { position, conversationId } = event;
      return { position, conversationId, payload, isLast: endsFeed(feed, event) };
    });
  }

  private hasStopped(): boolean {
    return this.isStopped;
  }

  private fail(error: unknown): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.options.onFailed(error);
  }
}
