import type { DataSource } from 'typeorm';
import type { HintBus } from './hints';
import type { Log } from './log';
import { type ConnectedActor, touchPresences } from './presence-rows';
import { removeWatches, touchWatches, type Watch } from './watch-rows';

/** Who is connected to this process and who is looking at what, kept in the database while it lasts. */
export interface Presence {
  /** A socket was acknowledged. Call what it returns once, when that socket is gone; the actor stays online for `graceMs`. */
  connected(actor: ConnectedActor): () => void;
  /** An operator looks at a conversation. Call what it returns once, when that ends. */
  watching(watch: Watch): () => void;
  /** Stops refreshing, after writing what is still to be written. What is in the database runs out by itself. */
  stop(): Promise<void>;
}

export interface PresenceOptions {
  readonly source: DataSource;
  readonly hints: Pick<HintBus, 'publishSignal'>;
  /** A UUID of this process alone. */
  readonly processId: string;
  readonly log: Log;
  readonly heartbeatMs?: number;
  /** How long somebody counts as connected after the last sign of it. Must be longer than two heartbeats. */
  readonly graceMs?: number;
}

export function createPresence(options: PresenceOptions): Presence {
  return new ProcessPresence(options);
}

interface Counted<Subject> {
  readonly subject: Subject;
  count: number;
}

class ProcessPresence implements Presence {
  private readonly actors = new Map<string, Counted<ConnectedActor>>();
  private readonly watches = new Map<string, Counted<Watch>>();
  /** What has to be written next; several changes of one key become one. */
  private readonly dirtyActors = new Map<string, ConnectedActor>();
  private readonly dirtyWatches = new Map<string, Watch>();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> | null = null;
  private failing = false;

  constructor(private readonly options: PresenceOptions) {
    this.timer = setInterval(() => this.refresh(), options.heartbeatMs ?? 10_000);
  }

  connected(actor: ConnectedActor): () => void {
    return this.hold(this.actors, this.dirtyActors, actor.id, actor);
  }

  watching(watch: Watch): () => void {
    return this.hold(this.watches, this.dirtyWatches, `${watch.conversationId} ${watch.userId}`, watch);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
  }

  private hold<Subject>(
    held: Map<string, Counted<Subject>>,
    dirty: Map<string, Subject>,
    key: string,
    subject: Subject,
  ): () => void {
    const entry = held.get(key) ?? { subject, count: 0 };
    held.set(key, entry);
    entry.count += 1;
    if (entry.count === 1) this.write(dirty, key, subject);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      entry.count -= 1;
      if (entry.count > 0) return;
      held.delete(key);
      // The last sign of an actor begins the grace period; the last one of a watch deletes it.
      this.write(dirty, key, subject);
    };
  }

  private refresh(): void {
    for (const [key, { subject }] of this.actors) this.dirtyActors.set(key, subject);
    for (const [key, { subject }] of this.watches) this.dirtyWatches.set(key, subject);
    this.writing ??= this.writeAll();
  }

  private write<Subject>(dirty: Map<string, Subject>, key: string, subject: Subject): void {
    dirty.set(key, subject);
    this.writing ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    // A wave of reconnecting sockets arrives in one turn of the event loop: one statement for all of it.
    await Promise.resolve();
    while (this.dirtyActors.size > 0 || this.dirtyWatches.size > 0) {
      try {
        await this.writeActors(take(this.dirtyActors));
        await this.writeWatches(take(this.dirtyWatches));
        this.failing = false;
      } catch (error) {
        // Whoever is still connected is written again by the next heartbeat.
        if (!this.failing) this.options.log.warn({ err: error }, 'presence could not be written; trying again');
        this.failing = true;
      }
    }
    this.writing = null;
  }

  private async writeActors(actors: ReadonlyMap<string, ConnectedActor>): Promise<void> {
    if (actors.size === 0) return;
    const { source, hints, processId, graceMs = 30_000 } = this.options;
    const arrivals = await touchPresences(source, { processId, graceMs, actors: [...actors.values()] });
    for (const signal of arrivals) hints.publishSignal(signal);
  }

  private async writeWatches(watches: ReadonlyMap<string, Watch>): Promise<void> {
    const { source, processId, graceMs = 30_000 } = this.options;
    const living = [...watches].filter(([key]) => this.watches.has(key)).map(([, watch]) => watch);
    const ended = [...watches].filter(([key]) => !this.watches.has(key)).map(([, watch]) => watch);
    if (living.length > 0) await touchWatches(source, { processId, graceMs, watches: living });
    if (ended.length > 0) await removeWatches(source, { processId, watches: ended });
  }
}

function take<Value>(from: Map<string, Value>): ReadonlyMap<string, Value> {
  const taken = new Map(from);
  from.clear();
  return taken;
}
