import { MailPostponed } from './mail-errors';

export interface MailSlotsOptions {
  /** Mails that are being sent at the same time. */
  readonly sending: number;
  /** Mails that wait for one of those to end. */
  readonly waiting: number;
  /** A mail that has been on its way for this long makes its server a slow one: nobody waits for it, and nobody longer. */
  readonly slowMs: number;
}

/**
 * How many mails of one server a process has in hand. Whoever waits for a slow server keeps a worker from the mails of
 * all others, so beyond these bounds a mail is put off.
 */
export class MailSlots {
  private readonly begun: number[] = [];
  private readonly line: (() => void)[] = [];

  constructor(private readonly options: MailSlotsOptions) {}

  get isIdle(): boolean {
    return this.begun.length === 0 && this.line.length === 0;
  }

  /** Runs `send` as soon as there is room. Throws MailPostponed when there is none, or none soon. */
  async through<Result>(send: () => Promise<Result>): Promise<Result> {
    if (this.begun.length >= this.options.sending) await this.wait();
    const at = performance.now();
    this.begun.push(at);
    try {
      return await send();
    } finally {
      this.begun.splice(this.begun.indexOf(at), 1);
      this.line.shift()?.();
    }
  }

  private wait(): Promise<void> {
    const { waiting, slowMs } = this.options;
    const isSlow = performance.now() - (this.begun[0] ?? 0) > slowMs;
    if (isSlow || this.line.length >= waiting) return Promise.reject(postponed());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(go), 1);
        reject(postponed());
      }, slowMs);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.line.push(go);
    });
  }
}

function postponed(): MailPostponed {
  return new MailPostponed('Other mails wait for this mail server already.');
}
