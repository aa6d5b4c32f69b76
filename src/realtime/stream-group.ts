import type { LoggedEvent } from '../domain/events';
import { type LogPage, readScopeEvents } from '../queries/read-events';
import { Backlog, type Render } from './backlog';
import { decodeCursor, encodeCursor, isOfLog } from './cursor';
import { type FeedOptions, isInFeed } from './event-feed';
import { nextFrame } from './frames';
import { eventKey, type Hub } from './hub';
import type { Member } from './member';
import { Members } from './members';
import { retryRead } from './retry';
import { type LogEntry, SharedLog } from './shared-log';
import type { StreamCounts } from './stream-counts';
import type { Sweep } from './sweep';

/** Further behind than this, loading the state again is cheaper than replaying. */
const MAX_REPLAYED = 300;

export interface GroupOptions {
  readonly hub: Hub;
  readonly feed: Omit<FeedOptions, 'after'>;
  readonly render: Render;
  readonly sweep: Sweep;
  readonly counts: StreamCounts;
  /** Rendering has failed: the group serves nobody any more. Its members have to be taken out of it. */
  readonly onFailed: (error: unknown) => void;
  /** The last member has left. */
  readonly onEmpty: () => void;
}

/** What a group goes on from, where it takes the place of another. */
export interface GroupState {
  readonly log: SharedLog;
  readonly unrendered: readonly LoggedEvent[];
}

/**
 * Everybody in a process to whom an event looks the same: it is read, executed and serialised once for them, into a
 * shared log in which each member has its place. See docs/adr/0028.
 */
export class StreamGroup {
  private readonly logId: string;
  private readonly log: SharedLog;
  private readonly members: Members;
  private readonly backlog: Backlog;
  private readonly unregister: () => void;
  private isClosed = false;
  /** Who is joining now: the group has to stay for them. */
  private joining = 0;
  /** Missed events are read for one joiner at a time: the next one then finds them in the log. */
  private reaching: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: GroupOptions,
    state?: GroupState,
  ) {
    const { hub, feed, render, sweep, counts, onFailed } = options;
    // One synchronous step: whatever is behind this position comes to `offer`.
    this.unregister = hub.events.add(eventKey(feed.scope), {
      offer: (event) => this.offer(event),
      end: () => this.end(),
    });
    this.logId = hub.tail.logId;
    this.log = state?.log ?? new SharedLog(hub.tail.position);
    this.members = new Members(this.log, sweep, counts);
    this.backlog = new Backlog({
      feed,
      logId: this.logId,
      counts,
      render,
      room: () => this.members.room(),
      onRendered: (events, entries) => this.append(events, entries),
      onFailed: (error) => onFailed(error),
    });
    if (state !== undefined) this.backlog.push(...state.unrendered);
  }

  /**
   * Makes it a member: READY, then what it has missed, then what comes. False: the group has stopped meanwhile; join the
   * one that took its place. Throws what the database throws.
   */
  async join(member: Member, after: string | null): Promise<boolean> {
    this.joining += 1;
    try {
      return await this.begin(member, after);
    } finally {
      this.joining -= 1;
      this.closeIfEmpty();
    }
  }

  leave(member: Member): void {
    member.state = 'ENDED';
    this.members.remove(member);
    this.closeIfEmpty();
  }

  /** Takes over who was a member of the group that this one replaces. */
  adopt(member: Member): void {
    this.members.add(member, member.index);
    member.wake();
  }

  /** Stops, without a word to its members. */
  dissolve(): GroupState & { readonly members: readonly Member[] } {
    this.stop();
    return { log: this.log, unrendered: this.backlog.waiting, members: this.members.takeAll() };
  }

  private async begin(member: Member, after: string | null): Promise<boolean> {
    const { hub, render, counts } = this.options;
    await retryRead(() => hub.tail.catchUp());
    // Events up to here are in the database and came to `offer`, or can be read; later ones will come to it.
    const { position } = hub.tail;
    const from = await this.reach(after, position);
    if (this.hasClosed()) return false;
    if (member.hasEnded()) return true;
    const live = this.indexAfter(position);
    const start = from === null ? live : this.indexAfter(from);
    const isRecovered = from !== null && live - start <= MAX_REPLAYED;
    this.members.add(member, isRecovered ? start : live);
    const [payload] = await render([
      {
        kind: 'READY',
        // On resume the old cursor: a client that dies before the replay has then lost nothing.
        cursor: isRecovered && after !== null ? after : encodeCursor(this.logId, position),
        recovered: isRecovered,
        replayed: isRecovered ? this.countBetween(start, live) : 0,
      },
    ]);
    if (this.hasClosed()) return false;
    if (member.hasEnded() || payload === undefined) return true;
    if (isRecovered) counts.replays += 1;
    member.sink.write(nextFrame(member.id, payload));
    member.state = 'LIVE';
    member.wake();
    return true;
  }

  /** The position behind which the log has everything, as `after` asks for; null when that cannot be had. */
  private reach(after: string | null, upTo: number): Promise<number | null> {
    const place = after === null ? null : decodeCursor(after);
    if (place === null || !isOfLog(place, this.logId) || place.position > upTo) return Promise.resolve(null);
    const reached = this.reaching.then(() => this.reachBack(place.position));
    this.reaching = reached.catch(() => undefined);
    return reached.then((isReached) => (isReached ? place.position : null));
  }

  private async reachBack(position: number): Promise<boolean> {
    while (!this.isClosed && position < this.log.completeAfter) {
      const upTo = this.log.completeAfter;
      const missed = await this.readMissed(position, upTo);
      if (missed === null) return false;
      const entries = await this.backlog.render(missed);
      // What is between would be missing if others had let go of more of the log meanwhile.
      if (upTo === this.log.completeAfter) this.log.prepend(entries, position);
    }
    return true;
  }

  /** What happened in between; null when that cannot be told completely, or is too much. */
  private async readMissed(after: number, upTo: number): Promise<readonly LoggedEvent[] | null> {
    const { read, scope, names, agentIds } = this.options.feed;
    const query = { scope, names, agentIds, after, upTo, limit: MAX_REPLAYED + 1 };
    const page = await retryRead((): Promise<LogPage> => read((manager) => readScopeEvents(manager, query)));
    if (page.logId !== this.logId || page.prunedPosition > after) return null;
    return page.events.length > MAX_REPLAYED ? null : page.events;
  }

  /** Events that are still there, rendered or not, and to be told between two indexes. */
  private countBetween(start: number, end: number): number {
    return this.log.count(start, end) + Math.max(0, end - Math.max(start, this.log.end));
  }

  /** Index of the first event behind a position, which may not have been rendered yet. */
  private indexAfter(position: number): number {
    const rendered = this.log.indexAfter(position);
    if (rendered < this.log.end) return rendered;
    const before = this.backlog.waiting.filter((event) => event.position <= position);
    return this.log.end + before.length;
  }

  private append(events: readonly LoggedEvent[], entries: readonly LogEntry[]): void {
    for (const [index, entry] of entries.entries()) {
      if (events[index]?.name === 'CONVERSATION_ERASED' && entry.conversationId !== null) {
        this.log.erase(entry.conversationId);
      }
      this.log.append(entry);
    }
    this.members.wake();
  }

  private offer(event: LoggedEvent): void {
    if (isInFeed(this.options.feed, event)) this.backlog.push(event);
  }

  /** The event log was replaced, or the process stops: the sockets have been told before. */
  private end(): void {
    this.stop();
    for (const member of this.members.takeAll()) {
      member.state = 'ENDED';
      member.sink.end();
    }
    this.options.onEmpty();
  }

  private closeIfEmpty(): void {
    if (this.isClosed || this.joining > 0 || this.members.size > 0) return;
    this.stop();
    this.options.onEmpty();
  }

  private hasClosed(): boolean {
    return this.isClosed;
  }

  private stop(): void {
    this.isClosed = true;
    this.backlog.stop();
    this.unregister();
  }
}
