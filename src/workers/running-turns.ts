import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import type { LoggedEvent } from '../domain/events';
import type { Log } from '../realtime/log';
import type { LogTail } from '../realtime/log-tail';

/** Why a generation was broken off: nothing is wrong, its answer is just not wanted any more. */
export class TurnLost extends Error {
  override readonly name = 'TurnLost';
}

/** The process stops: another one takes the turn. */
export class ProcessStops extends Error {
  override readonly name = 'ProcessStops';
}

export interface RunningTurn {
  /** Aborts with `TurnLost` or `ProcessStops`. */
  readonly signal: AbortSignal;
  /** Call it once the responder has ended: its reply must not be broken off by its own effects. */
  end(): void;
}

interface Entry {
  readonly turnId: string;
  readonly conversationId: string;
  readonly controlEpoch: number;
  readonly controller: AbortController;
}

/** Hints may be lost: then this is how long a person who took over can still cost the model's time. */
const LOOK_MS = 1000;

/**
 * The generations that run in this process, each broken off as soon as control has moved or its turn has ended. That
 * only saves work: what keeps a late reply out is the comparison of epochs in the transaction that would write it.
 */
export class RunningTurns {
  private readonly entries = new Map<string, Entry>();
  private readonly unsubscribe: () => void;
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | null = null;
  private wantsLook = false;
  private isStopped = false;

  constructor(private readonly options: { source: DataSource; tail: Pick<LogTail, 'subscribe'>; log: Log }) {
    this.unsubscribe = options.tail.subscribe((events) => this.receive(events));
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Null when this very turn runs in this process already. */
  begin(turn: Omit<Entry, 'controller'>): RunningTurn | null {
    if (this.entries.has(turn.turnId)) return null;
    const controller = new AbortController();
    const entry = { ...turn, controller };
    this.entries.set(turn.turnId, entry);
    if (this.isStopped) controller.abort(new ProcessStops('The process stops.'));
    // Control may have moved between the read of the turn and this line, and its event may have passed already.
    this.look();
    return { signal: controller.signal, end: () => this.entries.delete(turn.turnId) };
  }

  /** Breaks off everything, now and from now on. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.unsubscribe();
    clearInterval(this.timer);
    for (const { controller } of this.entries.values()) controller.abort(new ProcessStops('The process stops.'));
    await this.looking;
  }

  private receive(events: readonly LoggedEvent[]): void {
    for (const entry of this.entries.values()) {
      if (events.some((event) => ends(event, entry))) entry.controller.abort(new TurnLost('Control has moved.'));
    }
    const concerned = events.some(({ name, conversationId }) => name === 'TURN_OPENED' && this.runsIn(conversationId));
    if (concerned) this.look();
  }

  private runsIn(conversationId: string | null): boolean {
    return [...this.entries.values()].some((entry) => entry.conversationId === conversationId);
  }

  /** Asks the database which of them are still wanted: once more if it is asking now, for it may have asked too early. */
  private look(): void {
    if (this.entries.size === 0) return;
    this.wantsLook = true;
    this.looking ??= this.lookWhileWanted();
  }

  private async lookWhileWanted(): Promise<void> {
    while (this.wantsLook) {
      this.wantsLook = false;
      try {
        await this.abortLost();
      } catch (error) {
        this.options.log.warn({ err: error }, 'running turns could not be checked; trying again');
      }
    }
    this.looking = null;
  }

  private async abortLost(): Promise<void> {
    const asked = [...this.entries.values()];
    const rows = await read(this.options.source, SERVER, (manager) =>
      manager.query<{ id: string }[]>(
        `select t.id from turns t join conversations c on c.id = t.conversation_id
       where t.id = any ($1::uuid[]) and t.state = 'OPEN' and c.controller = 'AI' and c.control_epoch = t.control_epoch`,
        [asked.map((entry) => entry.turnId)],
      ),
    );
    const wanted = new Set(rows.map(({ id }) => id));
    for (const entry of asked) {
      // One that has ended by itself meanwhile has been answered, and is no longer ours to break off.
      const isRunning = this.entries.get(entry.turnId) === entry;
      if (isRunning && !wanted.has(entry.turnId)) entry.controller.abort(new TurnLost('The turn has ended.'));
    }
  }
}

function ends({ name, conversationId, snapshot }: LoggedEvent, entry: Entry): boolean {
  if (conversationId !== entry.conversationId) return false;
  if (name === 'CONVERSATION_ERASED') return true;
  if (name !== 'CONVERSATION_CHANGED') return false;
  const epoch = snapshot?.controlEpoch;
  return typeof epoch === 'number' && epoch > entry.controlEpoch;
}
