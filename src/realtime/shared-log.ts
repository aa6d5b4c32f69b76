/** One event as it goes over the wire, rendered once for everybody in a group. */
export interface LogEntry {
  /** Its place in the event log. */
  readonly position: number;
  /** Whose event it is; null for what belongs to no conversation. */
  readonly conversationId: string | null;
  /** The value of `payload` in a `next` message: JSON, UTF-8. Null: it was erased, and is passed over. */
  payload: Buffer | null;
  /** Nothing can follow it: the stream completes behind it. */
  readonly isLast: boolean;
}

/**
 * What a group has rendered, in the order of the event log. Entries have indexes that stay theirs while others are put
 * before them or dropped, so that a member's place is one integer.
 */
export class SharedLog {
  private entries: LogEntry[] = [];
  /** Index of the oldest entry that is still here; below zero once older ones were put before the first. */
  private first = 0;
  private size = 0;

  /** @param completeAfter every event of the stream behind this position is here, or will be appended */
  constructor(private complete: number) {}

  get completeAfter(): number {
    return this.complete;
  }

  /** Index of the next entry that will be appended. */
  get end(): number {
    return this.first + this.entries.length;
  }

  get start(): number {
    return this.first;
  }

  get bytes(): number {
    return this.size;
  }

  at(index: number): LogEntry {
    const entry = this.entries[index - this.first];
    if (entry === undefined) throw new Error(`The shared log has no entry ${index}.`);
    return entry;
  }

  append(entry: LogEntry): void {
    this.entries.push(entry);
    this.size += bytesOf(entry);
  }

  /** Puts older entries in front: from here on the log is complete after `completeAfter`. */
  prepend(older: readonly LogEntry[], completeAfter: number): void {
    this.entries.unshift(...older);
    this.first -= older.length;
    for (const entry of older) this.size += bytesOf(entry);
    this.complete = completeAfter;
  }

  /** Index of the first entry behind a position, `end` where there is none. */
  indexAfter(position: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positionAt(middle) > position) high = middle;
      else low = middle + 1;
    }
    return this.first + low;
  }

  /** Index of the oldest of the newest entries, as many as `count` and `bytes` allow. */
  indexOfRecent(count: number, bytes: number): number {
    let left = bytes;
    let kept = 0;
    while (kept < count && kept < this.entries.length) {
      left -= this.entries[this.entries.length - 1 - kept]?.payload?.length ?? 0;
      if (left < 0) break;
      kept += 1;
    }
    return this.end - kept;
  }

  dropBefore(index: number): void {
    const dropped = this.entries.splice(0, Math.max(0, index - this.first));
    const last = dropped.at(-1);
    if (last === undefined) return;
    for (const entry of dropped) this.size -= bytesOf(entry);
    this.first += dropped.length;
    this.complete = last.position;
  }

  /** Forgets what a conversation that was erased has said: nobody gets it any more, who comes back least of all. */
  erase(conversationId: string): void {
    for (const entry of this.entries) {
      if (entry.conversationId !== conversationId) continue;
      this.size -= bytesOf(entry);
      entry.payload = null;
    }
  }

  /** How many events are left between two indexes. */
  count(from: number, to: number): number {
    return this.entries.slice(from - this.first, to - this.first).filter(({ payload }) => payload !== null).length;
  }

  /** The same entries under the same indexes; the two go on by themselves. */
  fork(): SharedLog {
    const copy = new SharedLog(this.complete);
    // Of its own: what is erased in one of them is counted there.
    copy.entries = this.entries.map((entry) => ({ ...entry }));
    copy.first = this.first;
    copy.size = this.size;
    return copy;
  }

  private positionAt(offset: number): number {
    return this.entries[offset]?.position ?? Number.POSITIVE_INFINITY;
  }
}

function bytesOf({ payload }: LogEntry): number {
  return payload?.length ?? 0;
}
