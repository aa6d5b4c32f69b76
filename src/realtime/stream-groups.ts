import type { Render } from './backlog';
import type { EventFeed } from './event-feed';
import type { Hub } from './hub';
import type { Log } from './log';
import { Member, type MemberSink } from './member';
import { newStreamCounts, type StreamCounts } from './stream-counts';
import { type GroupState, StreamGroup } from './stream-group';
import { Sweep } from './sweep';

/** Thrown by a `Render` that serves many, when a field has asked which of them is looking. */
export class ViewerAsked extends Error {}

/** One operation of one viewer: with whom its events may be shared, and how they are rendered. */
export interface Viewing {
  readonly feed: EventFeed;
  /** Whether the operation is known to depend on who is looking. */
  isPersonal(): boolean;
  /** Learned from a `ViewerAsked`: from now on, and for everybody. */
  becomePersonal(): void;
  /** Equal keys see the same. A personal one names the viewer. */
  keyOf(isPersonal: boolean): string;
  renderFor(isPersonal: boolean): Render;
}

/** A place in the groups. */
export interface Membership {
  leave(): void;
}

/** The groups of a process, found by what their members may see. */
export class StreamGroups {
  readonly counts: StreamCounts = newStreamCounts();
  private readonly groups = new Map<string, StreamGroup>();
  private readonly places = new Map<Member, Place>();
  private readonly sweep: Sweep;

  constructor(
    private readonly hub: Hub,
    private readonly log: Log,
  ) {
    this.sweep = new Sweep((error) => log.error({ err: error }, 'a stream could not be written'), hub.isSending);
  }

  get size(): number {
    return this.groups.size;
  }

  get memberCount(): number {
    return this.places.size;
  }

  /**
   * Serves a viewer from now on. The feed begins at once; a failure to join closes the sink.
   *
   * @param id what the client calls its operation
   * @param requestId what the log calls it
   */
  join(viewing: Viewing, sink: MemberSink, id: string, requestId: string): Membership {
    const member = new Member(sink, JSON.stringify(id));
    const place = new Place(viewing, viewing.feed.begin(), this, member);
    this.places.set(member, place);
    this.admit(member, place).catch((error: unknown) => {
      this.log.error({ err: error, requestId }, 'a stream could not be opened');
      sink.failed();
    });
    return place;
  }

  private async admit(member: Member, place: Place): Promise<void> {
    const { after } = place.viewing.feed.options;
    let isJoined = false;
    while (!isJoined && !member.hasEnded()) {
      place.group = this.groupOf(place.viewing);
      try {
        isJoined = await place.group.join(member, after);
      } catch (error) {
        if (!(error instanceof ViewerAsked)) throw error;
        // From its group's own events, or from what this viewer has missed: the place is taken again, elsewhere.
        this.separate(place.group, place.viewing);
      }
    }
  }

  leave(member: Member): void {
    const place = this.places.get(member);
    if (place === undefined) return;
    this.places.delete(member);
    member.state = 'ENDED';
    place.group?.leave(member);
    place.end();
  }

  private groupOf(viewing: Viewing, state?: GroupState): StreamGroup {
    const isPersonal = viewing.isPersonal();
    const key = viewing.keyOf(isPersonal);
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const group: StreamGroup = new StreamGroup(
      {
        hub: this.hub,
        feed: viewing.feed.options,
        render: viewing.renderFor(isPersonal),
        sweep: this.sweep,
        counts: this.counts,
        onFailed: (error) => {
          if (error instanceof ViewerAsked) this.separate(group, viewing);
          else this.abandon(group, error);
        },
        onEmpty: () => this.forget(key, group),
      },
      state,
    );
    this.groups.set(key, group);
    return group;
  }

  /** The members of a group see different things: each viewer goes on in a group of its own, from where it is. */
  private separate(group: StreamGroup, viewing: Viewing): void {
    const sharedKey = viewing.keyOf(false);
    viewing.becomePersonal();
    if (this.groups.get(sharedKey) !== group) return;
    this.groups.delete(sharedKey);
    const { log, unrendered, members } = group.dissolve();
    const successors = new Map<string, StreamGroup>();
    for (const member of members) {
      const place = this.places.get(member);
      // Who is just joining finds its new group by itself.
      if (place === undefined || member.state !== 'LIVE') continue;
      const key = place.viewing.keyOf(true);
      const made = successors.get(key);
      if (made === undefined && this.groups.has(key)) {
        // Indexes of another log: its client finds its place by its cursor.
        member.sink.failed();
        continue;
      }
      place.group = made ?? this.groupOf(place.viewing, { log: log.fork(), unrendered });
      successors.set(key, place.group);
      place.group.adopt(member);
    }
  }

  private abandon(group: StreamGroup, error: unknown): void {
    this.log.error({ err: error }, 'the events of a stream could not be executed; its sockets are closed and resume');
    for (const [key, known] of this.groups) if (known === group) this.groups.delete(key);
    for (const member of group.dissolve().members) member.sink.failed();
  }

  private forget(key: string, group: StreamGroup): void {
    if (this.groups.get(key) === group) this.groups.delete(key);
  }
}

/** Without a closure: there is one for each subscription of each socket. */
class Place implements Membership {
  group: StreamGroup | null = null;

  constructor(
    readonly viewing: Viewing,
    readonly end: () => void,
    private readonly groups: StreamGroups,
    private readonly member: Member,
  ) {}

  leave(): void {
    this.groups.leave(this.member);
  }
}
