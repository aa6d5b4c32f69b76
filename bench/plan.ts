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
  /** How much there is for all rows, and for one family of them at the most; what takes longer is cut off and says so. */
  readonly limitMs: number;
  readonly familyLimitMs: number;
}

export const QUICK: Plan = {
  quick: true,
  rounds: 3,
  dashboards: 1000,
  stallSockets: 5000,
  memorySockets: 1000,
  loopMs: 2000,
  inboxes: [10_000, 100_000],
  limitMs: 7.6 * 60_000,
  familyLimitMs: 90_000,
};

export const WHOLE: Plan = {
  quick: false,
  rounds: 3,
  dashboards: 1000,
  stallSockets: 10_000,
  memorySockets: 1000,
  loopMs: 2500,
  inboxes: [10_000, 100_000, 1_000_000],
  limitMs: 9.5 * 60_000,
  familyLimitMs: 240_000,
};
