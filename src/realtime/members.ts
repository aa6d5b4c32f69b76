import { Frames } from './frames';
import type { Member, MemberList } from './member';
import type { SharedLog } from './shared-log';
import type { StreamCounts } from './stream-counts';
import type { Advanced, Sweep, Swept } from './sweep';

/** So far may a member be behind whose socket takes nothing. */
const MAX_BEHIND = 1000;
const MAX_BYTES = 4 * 1024 * 1024;
/** What stays, when nobody needs it, for those who come back after a moment. */
const RECENT_ENTRIES = 300;
const RECENT_BYTES = 256 * 1024;
/** How often the clock is read: once for so many sockets. */
const CLOCK_EVERY = 16;

/**
 * The members of one group, and what each of them still has to get. A slow one is a number that lags; when it lags too
 * far its socket is closed, and the client resumes.
 */
export class Members implements Swept, MemberList {
  private readonly list: Member[] = [];
  private readonly frames: Frames;
  /** The member that the sweep visits next. */
  private next = 0;
  /** Where the log ended when this pass over the members began, and whether another has to follow anyway. */
  private passEnd = 0;
  private isAgain = false;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly log: SharedLog,
    private readonly sweep: Sweep,
    private readonly counts: StreamCounts,
  ) {
    this.frames = new Frames(log);
  }

  get size(): number {
    return this.list.length;
  }

  add(member: Member, index: number): void {
    member.index = index;
    member.slot = this.list.length;
    member.list = this;
    this.list.push(member);
  }

  remove(member: Member): void {
    const last = this.list.at(-1);
    if (last === undefined || this.list[member.slot] !== member) return;
    this.list[member.slot] = last;
    last.slot = member.slot;
    this.list.pop();
    // Whoever was moved would have been visited later, and may have no turn in this pass now.
    if (last.slot <= this.next) this.isAgain = true;
  }

  takeAll(): Member[] {
    return this.list.splice(0);
  }

  /** Something new is in the log. */
  wake(): void {
    this.sweep.wake(this);
  }

  wakeFor({ slot }: Member): void {
    // Who takes more only now has been passed over in this pass, and nothing new may come for long.
    if (slot < this.next) this.isAgain = true;
    this.wake();
  }

  /** Resolves at once while the log is short, else when everybody whose socket takes anything has what is in it. */
  async room(): Promise<void> {
    if (this.log.bytes <= MAX_BYTES || this.list.length === 0) return;
    this.wake();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  advance(isTimeOver: () => boolean): Advanced {
    if (this.next === 0) this.beginPass();
    while (this.next < this.list.length) {
      if (this.next % CLOCK_EVERY === 0 && isTimeOver()) return 'TIME_OVER';
      const member = this.list[this.next];
      if (member !== undefined) this.deliver(member);
      this.next += 1;
    }
    this.next = 0;
    this.frames.forget();
    this.shorten();
    if (this.isAgain || this.passEnd < this.log.end) return 'MORE';
    for (const resolve of this.waiting.splice(0)) resolve();
    return 'DONE';
  }

  private beginPass(): void {
    this.isAgain = false;
    this.passEnd = this.log.end;
  }

  private deliver(member: Member): void {
    const { sink } = member;
    const { end } = this.log;
    if (member.state !== 'LIVE' || member.index >= end || !sink.isOpen || member.isAwaited) return;
    const { frames, to, count } = this.frames.of(member.id, member.index, end);
    member.index = to;
    if (count > 0) {
      sink.write(frames);
      this.counts.writes += 1;
      this.counts.deliveries += count;
    }
    if (sink.isBlocked) {
      this.frames.giveAway();
      this.await(member);
    } else if (to < end) this.isAgain = true;
    if (to === end && this.log.at(end - 1).isLast) sink.end();
  }

  private await(member: Member): void {
    member.isAwaited = true;
    member.sink.onceWritable(() => {
      member.isAwaited = false;
      member.wake();
    });
  }

  /** Drops what everybody has, but for the newest, and closes those who hold up too much. */
  private shorten(): void {
    const { start, end, bytes } = this.log;
    if (end - start <= 2 * RECENT_ENTRIES && bytes <= 2 * RECENT_BYTES) return;
    const halfway = start + Math.ceil((end - start) / 2);
    let needed = end;
    for (const member of [...this.list]) {
      const isTooFar = end - member.index > MAX_BEHIND || (bytes > MAX_BYTES && member.index < halfway);
      if (member.isAwaited && isTooFar) this.closeSlow(member);
      else needed = Math.min(needed, member.index);
    }
    this.log.dropBefore(Math.min(needed, this.log.indexOfRecent(RECENT_ENTRIES, RECENT_BYTES)));
  }

  private closeSlow(member: Member): void {
    this.counts.slowClosed += 1;
    member.state = 'ENDED';
    this.remove(member);
    member.sink.tooSlow();
  }
}
