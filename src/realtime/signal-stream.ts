import type { LoggedEvent } from '../domain/events';
import { actorKey, conversationKey, type Hub } from './hub';
import { PushStream, type StreamSource } from './push-stream';
import type { Signal } from './signals';

/** Signals that a stream holds for a reader who does not read; older ones are dropped, since they may be lost anyway. */
const MAX_QUEUED = 100;

export interface SignalStreamOptions {
  readonly conversationId: string;
  /** Whose presence is told: the visitor, and the operator who has the conversation, also when that changes later. */
  readonly visitorId: string;
  readonly operatorId: string | null;
  /** The last word on each signal, asked when the reader takes it: leave out the reader's own, for example. */
  readonly accept: (signal: Signal) => Promise<boolean> | boolean;
  readonly signal?: AbortSignal;
}

/** Typing, presence and pieces of replies of one conversation. The caller has to authorize first. */
export function openSignalStream(hub: Hub, options: SignalStreamOptions): AsyncIterableIterator<Signal, undefined> {
  const queue = new PushStream<Signal>((stream) => new ConversationSignals(stream, hub, options));
  return new AcceptedSignals(queue, options.accept);
}

class ConversationSignals implements StreamSource {
  private readonly onAbort = (): void => this.stream.end();
  private readonly receive = (signal: Signal): void => this.offer(signal);
  private readonly cleanups: (() => void)[] = [];
  private stopWatchingOperator: (() => void) | null = null;

  constructor(
    private readonly stream: PushStream<Signal>,
    private readonly hub: Hub,
    private readonly options: SignalStreamOptions,
  ) {}

  start(): void {
    const { conversationId, visitorId, operatorId, signal } = this.options;
    signal?.addEventListener('abort', this.onAbort, { once: true });
    if (signal?.aborted === true) {
      this.stream.end();
      return;
    }
    this.cleanups.push(
      this.hub.signals.add(conversationKey(conversationId), this.receive),
      this.hub.signals.add(actorKey(visitorId), this.receive),
      this.hub.events.add(conversationKey(conversationId), {
        offer: (event) => this.followOperator(event),
        end: () => this.stream.end(),
      }),
    );
    this.watchOperator(operatorId);
  }

  stop(): void {
    this.options.signal?.removeEventListener('abort', this.onAbort);
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    this.stopWatchingOperator?.();
  }

  private followOperator(event: LoggedEvent): void {
    if (event.name !== 'CONVERSATION_CHANGED') return;
    const operatorId = event.snapshot?.operatorId;
    this.watchOperator(typeof operatorId === 'string' ? operatorId : null);
  }

  private watchOperator(operatorId: string | null): void {
    this.stopWatchingOperator?.();
    this.stopWatchingOperator = operatorId === null ? null : this.hub.signals.add(actorKey(operatorId), this.receive);
  }

  private offer(signal: Signal): void {
    if (this.stream.size >= MAX_QUEUED) this.stream.dropOldest();
    this.stream.push(signal);
  }
}

/** Asks `accept` in the reader's own time, so that a slow answer holds up nobody else. */
class AcceptedSignals implements AsyncIterableIterator<Signal, undefined> {
  constructor(
    private readonly queue: PushStream<Signal>,
    private readonly accept: SignalStreamOptions['accept'],
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Signal, undefined>> {
    while (true) {
      const result = await this.queue.next();
      if (result.done === true) return result;
      const accepted = await this.accept(result.value);
      if (this.queue.hasEnded()) return { done: true, value: undefined };
      if (accepted) return result;
    }
  }

  return(): Promise<IteratorResult<Signal, undefined>> {
    return this.queue.return();
  }

  throw(error: unknown): Promise<IteratorResult<Signal, undefined>> {
    return this.queue.throw(error);
  }
}
