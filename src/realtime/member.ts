/** The socket of one member, and its subscription on it. */
export interface MemberSink {
  /** False from the first word of a farewell on: a frame behind a close frame would break the protocol. */
  readonly isOpen: boolean;
  /** What was written last has not left yet. */
  readonly isBlocked: boolean;
  /** Whole WebSocket frames. */
  write(frames: Buffer): void;
  /** Calls once, when what was written has left. */
  onceWritable(listener: () => void): void;
  /** It is too far behind: close the socket with 4008, so that the client resumes. */
  tooSlow(): void;
  /** This process cannot go on with it: close the socket with 1013, so that the client resumes. */
  failed(): void;
  /** The feed is over, after its last event. */
  end(): void;
}

/** The list that a member is in, which may be another one than before. */
export interface MemberList {
  wakeFor(member: Member): void;
}

/** JOINING: has a place, and was not told yet that the feed is ready. */
export type MemberState = 'JOINING' | 'LIVE' | 'ENDED';

/** One subscriber of a group: its place in the shared log, and where to write. */
export class Member {
  /** Index of the next entry of the shared log that it has to get. */
  index = 0;
  /** Where it stands in the list of members. */
  slot = -1;
  state: MemberState = 'JOINING';
  /** Its socket tells when it takes more. */
  isAwaited = false;
  list: MemberList | null = null;

  /** @param id the operation id as JSON; not as a buffer, of which a short one keeps the 8 KiB that Node cuts it from */
  constructor(
    readonly sink: MemberSink,
    readonly id: string,
  ) {}

  /** Asks its list to write to it again. */
  wake(): void {
    this.list?.wakeFor(this);
  }

  hasEnded(): boolean {
    return this.state === 'ENDED';
  }
}
