import { performance } from 'node:perf_hooks';

/** Something with members to write to. */
export interface Swept {
  /** Writes to members until the time is over. True: everybody has everything. */
  advance(isTimeOver: () => boolean): boolean;
}

/** A slice of writing; other work of the process waits no longer than this. */
const SLICE_MS = 4;

/** Writes for all groups of a process in slices, one group after the other, so that 10,000 sockets do not stop the process. */
export class Sweep {
  private readonly waiting = new Set<Swept>();
  private isScheduled = false;

  constructor(private readonly onError: (error: unknown) => void) {}

  /** Something new is there for members of the group. What comes until the next turn of the event loop goes out together. */
  wake(group: Swept): void {
    this.waiting.add(group);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.run());
  }

  private run(): void {
    this.isScheduled = false;
    const end = performance.now() + SLICE_MS;
    const isTimeOver = (): boolean => performance.now() >= end;
    for (const group of this.waiting) {
      if (isTimeOver()) break;
      // To the end of the line, unless it has finished: a group of 10,000 must not keep small ones waiting.
      this.waiting.delete(group);
      if (!this.advance(group, isTimeOver)) this.waiting.add(group);
    }
    const [next] = this.waiting;
    if (next !== undefined) this.wake(next);
  }

  private advance(group: Swept, isTimeOver: () => boolean): boolean {
    try {
      return group.advance(isTimeOver);
    } catch (error) {
      this.onError(error);
      return true;
    }
  }
}
