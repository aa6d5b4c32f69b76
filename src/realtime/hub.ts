import type { DataSource } from 'typeorm';
import type { LoggedEvent } from '../domain/events';
import { DeltaFence } from './delta-fence';
import type { HintBus } from './hints';
import { Listeners } from './listeners';
import type { Log } from './log';
import type { LogTail } from './log-tail';
import type { Signal } from './signals';
import { SubscriberIndex } from './subscriber-index';

/** What a stream gives to the hub. `end` is called when the log was replaced under it. */
export interface EventSubscriber {
  offer(event: LoggedEvent): void;
  end(): void;
}

export type SignalSubscriber = (signal: Signal) => void;

/** Where the open streams of a process hang: one tail and one bus for all of them. */
export interface Hub {
  readonly source: DataSource;
  readonly tail: LogTail;
  /** By `eventKey`. */
  readonly events: SubscriberIndex<EventSubscriber>;
  /** By `conversationKey` (typing, reply deltas, read marks) `actorKey` and `operatorsKey` (presence). */
  readonly signals: SubscriberIndex<SignalSubscriber>;
  /** Whether messages of this process are on their way into the log. */
  readonly isSending: () => boolean;
  /** Called before all streams end because the log was replaced: time to close their sockets so that clients resume. */
  onReset(listener: () => void): () => void;
  stop(): void;
}

export function conversationKey(conversationId: string): string {
  return `conversation:${conversationId}`;
}

export function actorKey(actorId: string): string {
  return `actor:${actorId}`;
}

/** Key of whoever wants to know that an operator of the workspace comes, goes or is away. */
export function operatorsKey(workspaceId: string): string {
  return `operators:${workspaceId}`;
}

/** Key of whoever listens to one scope, one person or one agent. */
export function eventKey(
  to:
    | { conversationId: string }
    | { organizationId: string }
    | { workspaceId: string }
    | { userId: string }
    | { agentId: string },
): string {
  if ('conversationId' in to) return conversationKey(to.conversationId);
  if ('organizationId' in to) return `organization:${to.organizationId}`;
  if ('workspaceId' in to) return `workspace:${to.workspaceId}`;
  if ('userId' in to) return `user:${to.userId}`;
  return `agent:${to.agentId}`;
}

export interface HubOptions {
  readonly source: DataSource;
  readonly tail: LogTail;
  readonly hints: HintBus;
  readonly log: Log;
  /** None ever are, unless told. */
  readonly isSending?: () => boolean;
}

/** The tail and the bus are started and stopped by whoever made them; streams can be opened once the tail is started. */
export function createHub(options: HubOptions): Hub {
  return new ProcessHub(options);
}

class ProcessHub implements Hub {
  readonly source: DataSource;
  readonly tail: LogTail;
  readonly isSending: () => boolean;
  readonly events = new SubscriberIndex<EventSubscriber>();
  readonly signals = new SubscriberIndex<SignalSubscriber>();
  private readonly resets: Listeners<undefined>;
  private readonly fence: DeltaFence;
  private readonly cleanups: (() => void)[];

  constructor(options: HubOptions) {
    this.source = options.source;
    this.tail = options.tail;
    this.isSending = options.isSending ?? (() => false);
    this.resets = new Listeners('hub reset', options.log);
    this.fence = new DeltaFence(
      options.source,
      (delta) => this.give(conversationKey(delta.conversationId), delta),
      options.log,
    );
    this.cleanups = [
      options.tail.subscribe((events) => this.fanOut(events)),
      options.tail.onReset(() => this.reset()),
      options.hints.onSignal((signal) => this.receive(signal)),
    ];
  }

  onReset(listener: () => void): () => void {
    return this.resets.add(listener);
  }

  stop(): void {
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    this.endAll();
  }

  private fanOut(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      for (const key of keysOf(event)) {
        for (const subscriber of this.events.of(key)) subscriber.offer(event);
      }
    }
  }

  private reset(): void {
    this.resets.emit(undefined);
    this.endAll();
  }

  private endAll(): void {
    for (const subscriber of this.events.all()) subscriber.end();
  }

  private receive(signal: Signal): void {
    if (signal.kind === 'PRESENCE') {
      this.give(actorKey(signal.actorId), signal);
      if (signal.actorKind === 'USER') this.give(operatorsKey(signal.workspaceId), signal);
      return;
    }
    const key = conversationKey(signal.conversationId);
    if (signal.kind !== 'REPLY_DELTA') this.give(key, signal);
    // No question to the database for a conversation that nobody here listens to.
    else if (this.signals.of(key).size > 0) this.fence.admit(signal);
  }

  private give(key: string, signal: Signal): void {
    for (const subscriber of this.signals.of(key)) subscriber(signal);
  }
}

function keysOf(event: LoggedEvent): string[] {
  const keys = [eventKey({ workspaceId: event.workspaceId })];
  if (event.organizationId !== null) keys.push(eventKey({ organizationId: event.organizationId }));
  if (event.conversationId !== null) keys.push(conversationKey(event.conversationId));
  if (event.userId !== null) keys.push(eventKey({ userId: event.userId }));
  if (event.agentId !== null) keys.push(eventKey({ agentId: event.agentId }));
  return keys;
}
