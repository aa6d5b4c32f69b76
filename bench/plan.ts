/** How long and how large the benchmark runs: `--quick` for CI, in under 8 minutes; the whole in under 10. */
export interface Plan {
  readonly quick: boolean;
  /** Interleaved: in each of them both sides are measured, one right after the other. */
  readonly rounds: number;
  readonly dashboards: number;
  readonly stallSockets: number;
  readonly memorySockets: number;
  /** How long a closed loop runs in one round. */
  readonly loopMs: number;
  /** Conversations of the organizations whose inbox is read, smallest first. */
  readonly inboxes: readonly number[];
  /** Rows that have not begun by then are not run, and say so. */
  readonly limitMs: number;
}

export const QUICK: Plan = {
  quick: true,
  rounds: 3,
  dashboards: 1000,
  stallSockets: 5000,
  memorySockets: 1000,
  loopMs: 2000,
  inboxes: [10_000, 100_000],
  limitMs: 7.2 * 60_000,
};

export const WHOLE: Plan = {
  quick: false,
  rounds: 3,
  dashboards: 1000,
  stallSockets: 10_000,
  memorySockets: 1000,
  loopMs: 2500,
  inboxes: [10_000, 100_000, 1_000_000],
  limitMs: 9 * 60_000,
};
