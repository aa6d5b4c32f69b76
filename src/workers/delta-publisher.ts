import type { HintBus } from '../realtime/hints';

export interface DeltaPublisherOptions {
  readonly hints: Pick<HintBus, 'publishSignal'>;
  readonly turn: { readonly id: string; readonly conversationId: string; readonly controlEpoch: number };
}

/** A model writes up to 100 pieces a second; nobody reads faster than 20. */
const INTERVAL_MS = 50;

/** Collects the pieces of a reply and publishes them, the first at once, then at most every 50 ms. */
export class DeltaPublisher {
  private text = '';
  private timer: NodeJS.Timeout | null = null;
  private isOver = false;

  constructor(private readonly options: DeltaPublisherOptions) {}

  add(text: string): void {
    if (this.isOver) return;
    this.text += text;
    if (this.timer === null) this.publish();
  }

  /** Publishes what is left. */
  finish(): void {
    this.publish();
    this.stop();
  }

  /** Drops what is left: the AI has lost the turn. */
  stop(): void {
    this.isOver = true;
    this.text = '';
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private publish(): void {
    const { hints, turn } = this.options;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.text === '') return;
    const { id: turnId, conversationId, controlEpoch } = turn;
    hints.publishSignal({ kind: 'REPLY_DELTA', conversationId, turnId, controlEpoch, text: this.text });
    this.text = '';
    this.timer = setTimeout(() => this.publish(), INTERVAL_MS);
  }
}
