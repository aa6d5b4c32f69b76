import type { Log } from './log';
import { type Signal, splitSignal } from './signals';

export interface HintBatch {
  /** Null: nothing new about the log. */
  readonly position: number | null;
  readonly signals: readonly Signal[];
}

const MAX_WAITING_SIGNALS = 2000;
const MAX_BATCH = 100;

/**
 * The way out of a process, shared by both buses: at most one publish is in flight; while it is, the newest log position
 * replaces older ones and signals wait in order. What cannot be sent is dropped: a hint is never worth a failed command.
 */
export class HintSender {
  private position: number | null = null;
  private signals: Signal[] = [];
  private sending = false;
  private failing = false;

  /** `send` is called only while `isReady` says so. */
  constructor(
    private readonly transport: { isReady(): boolean; send(batch: HintBatch): Promise<void> },
    private readonly log: Log,
  ) {}

  publishLog(position: number): void {
    this.position = Math.max(position, this.position ?? 0);
    this.flush();
  }

  publishSignal(signal: Signal): void {
    this.signals.push(...splitSignal(signal));
    if (this.signals.length > MAX_WAITING_SIGNALS) this.signals.splice(0, this.signals.length - MAX_WAITING_SIGNALS);
    this.flush();
  }

  /** Call it when the transport became ready. */
  flush(): void {
    if (this.sending || !this.hasWork()) return;
    this.sending = true;
    void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    while (this.hasWork()) {
      const batch = { position: this.position, signals: this.signals.splice(0, MAX_BATCH) };
      this.position = null;
      try {
        await this.transport.send(batch);
        this.failing = false;
      } catch (error) {
        this.reportOnce(error);
      }
    }
    // In the same step as the last look at the queue: nobody can add a hint in between and find us "sending".
    this.sending = false;
  }

  private hasWork(): boolean {
    return this.transport.isReady() && (this.position !== null || this.signals.length > 0);
  }

  /** One line for an outage, not one for each typing signal in it. */
  private reportOnce(error: unknown): void {
    if (!this.failing)
      this.log.warn({ err: error }, 'hints could not be published; streams go on by looking themselves');
    this.failing = true;
  }
}
