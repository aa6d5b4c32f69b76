import { read } from '../database/scope';
import type { LoggedEvent } from '../domain/events';
import { type HandoffTotals, type OpenHandoffs, readOpenHandoffs, totalsFor } from '../queries/handoff-counts';
import { eventKey, type Hub, operatorsKey } from './hub';
import { PushStream, type StreamSource } from './push-stream';
import { retryRead } from './retry';

/** However much happens, an organization is counted no more often: what changes within it is told together. */
const COUNT_MS = 1000;

export interface BoardOwner {
  readonly workspaceId: string;
  readonly organizationId: string;
}

export interface TotalsOptions extends BoardOwner {
  /** Of these agents alone; null for all. */
  readonly agentIds: readonly string[] | null;
}

/** The totals at once, and then whenever they have changed. The caller has to authorize first. */
export function openTotalsStream(hub: Hub, options: TotalsOptions): AsyncIterableIterator<HandoffTotals, undefined> {
  return new PushStream<HandoffTotals>((stream) => new TotalsSource(stream, boardsOf(hub), options));
}

class TotalsSource implements StreamSource {
  private leave: (() => void) | null = null;
  private last: HandoffTotals | null = null;

  constructor(
    private readonly stream: PushStream<HandoffTotals>,
    private readonly boards: Boards,
    private readonly options: TotalsOptions,
  ) {}

  start(): void {
    this.leave = this.boards.join(this.options, {
      counted: (open) => this.offer(totalsFor(open, this.options.agentIds)),
      failed: (error) => this.stream.fail(error),
      ended: () => this.stream.end(),
    });
  }

  stop(): void {
    this.leave?.();
  }

  private offer(totals: HandoffTotals): void {
    if (JSON.stringify(totals) === JSON.stringify(this.last)) return;
    this.last = totals;
    // Of what a slow reader has not read yet, only the newest is worth anything.
    if (this.stream.size > 0) this.stream.dropOldest();
    this.stream.push(totals);
  }
}

interface BoardReader {
  counted(open: OpenHandoffs): void;
  failed(error: unknown): void;
  ended(): void;
}

/** Those of a process: one for each organization that somebody here looks at. */
class Boards {
  private readonly boards = new Map<string, Board>();

  constructor(private readonly hub: Hub) {}

  join(owner: BoardOwner, reader: BoardReader): () => void {
    const { organizationId } = owner;
    const board = this.boards.get(organizationId) ?? new Board(this.hub, owner);
    this.boards.set(organizationId, board);
    board.add(reader);
    return () => {
      board.remove(reader);
      if (board.isEmpty && this.boards.get(organizationId) === board) this.boards.delete(organizationId);
    };
  }
}

const known = new WeakMap<Hub, Boards>();

function boardsOf(hub: Hub): Boards {
  const boards = known.get(hub) ?? new Boards(hub);
  known.set(hub, boards);
  return boards;
}

/** Counts one organization once for everybody who looks at it: at first, and a second after something has changed. */
class Board {
  private readonly readers = new Set<BoardReader>();
  private readonly cleanups: (() => void)[];
  private latest: OpenHandoffs | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isCounting = false;

  constructor(
    private readonly hub: Hub,
    private readonly owner: BoardOwner,
  ) {
    const { organizationId, workspaceId } = owner;
    this.cleanups = [
      hub.events.add(eventKey({ organizationId }), {
        offer: (event) => this.follow(event),
        end: () => {
          for (const reader of [...this.readers]) reader.ended();
        },
      }),
      hub.signals.add(operatorsKey(workspaceId), () => this.countSoon()),
    ];
  }

  get isEmpty(): boolean {
    return this.readers.size === 0;
  }

  add(reader: BoardReader): void {
    this.readers.add(reader);
    if (this.latest !== null) reader.counted(this.latest);
    else if (!this.isCounting) void this.count();
  }

  remove(reader: BoardReader): void {
    this.readers.delete(reader);
    if (!this.isEmpty) return;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private follow({ name }: LoggedEvent): void {
    if (name === 'HANDOFF_CHANGED' || name === 'CONVERSATION_ERASED' || name === 'ACCESS_CHANGED') this.countSoon();
  }

  private countSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      // What is being counted may have been read before this change.
      if (this.isCounting) this.countSoon();
      else void this.count();
    }, COUNT_MS);
  }

  private async count(): Promise<void> {
    const { workspaceId, organizationId } = this.owner;
    this.isCounting = true;
    try {
      const [open] = await retryRead(() =>
        read(this.hub.source, { workspaceId }, (manager) => readOpenHandoffs(manager, workspaceId, [organizationId])),
      );
      this.latest = open ?? null;
      if (open !== undefined) for (const reader of [...this.readers]) reader.counted(open);
    } catch (error) {
      // The database stays away: their clients ask again.
      for (const reader of [...this.readers]) reader.failed(error);
    } finally {
      this.isCounting = false;
    }
  }
}
