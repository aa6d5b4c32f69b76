import { Lately } from './lately';

/** Whoever asks again within this time of an answer does nothing but ask: waiting would halve what it gets done. */
const IN_TURN_MS = 30;

export interface PatienceOptions<Item> {
  /** How long an item waits for company at the most. */
  readonly waitMs: number;
  readonly askerOf: (item: Item) => string;
}

/**
 * Who may be kept waiting for company, and how long. Where many people ask once in a while, so many that the next is
 * expected within `waitMs`, each of them would go alone, or nearly, and cost as much as a whole batch. Not kept waiting are
 * the first after a silence, for whom nobody would come, and those who ask in turn, one thing after the other.
 */
export class Patience<Item> {
  private readonly lanes: Lately;
  private readonly answered = new Lately(IN_TURN_MS);

  constructor(private readonly options: PatienceOptions<Item>) {
    this.lanes = new Lately(options.waitMs);
  }

  /** In milliseconds, for an item that comes into this lane now. */
  waitOf(lane: string, item: Item): number {
    const isCompanyExpected = this.lanes.has(lane);
    this.lanes.note(lane);
    return isCompanyExpected && !this.answered.has(this.options.askerOf(item)) ? this.options.waitMs : 0;
  }

  noteAnswered(item: Item): void {
    this.answered.note(this.options.askerOf(item));
  }
}
