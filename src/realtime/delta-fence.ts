import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import type { Log } from './log';
import type { ReplyDeltaSignal } from './signals';

const MAX_WAITING = 2000;

/**
 * Lets a piece of a reply pass only while the AI still has the turn's control: asked of the database once for each
 * piece after it arrived, for all waiting pieces together, in order. What cannot be checked is dropped.
 */
export class DeltaFence {
  private waiting: ReplyDeltaSignal[] = [];
  private isChecking = false;

  constructor(
    private readonly source: DataSource,
    private readonly deliver: (delta: ReplyDeltaSignal) => void,
    private readonly log: Log,
  ) {}

  admit(delta: ReplyDeltaSignal): void {
    this.waiting.push(delta);
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
    if (this.isChecking) return;
    this.isChecking = true;
    void this.checkAll();
  }

  private async checkAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const deltas = this.waiting;
      this.waiting = [];
      try {
        const epochs = await this.epochsUnderAi(deltas.map((delta) => delta.conversationId));
        for (const delta of deltas) {
          if (epochs.get(delta.conversationId) === delta.controlEpoch) this.deliver(delta);
        }
      } catch (error) {
        this.log.warn(
          { err: error, dropped: deltas.length },
          'pieces of replies could not be checked and were dropped',
        );
      }
    }
    this.isChecking = false;
  }

  private async epochsUnderAi(conversationIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await read(this.source, SERVER, (manager) =>
      manager.query<{ id: string; control_epoch: number }[]>(
        `select id, control_epoch from conversations where id = any($1::uuid[]) and controller = 'AI'`,
        [[...new Set(conversationIds)]],
      ),
    );
    return new Map(rows.map((row) => [row.id, row.control_epoch]));
  }
}
