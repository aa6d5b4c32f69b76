import { boundText, type Outcome, verdictOf } from '../promises';

/** `{ "row", "ours", "rival", "unit", "ratio", "promise", "holds" }`; figures are medians, and null beside a `reason` when there are none. */
export function jsonLine(outcome: Outcome): string {
  const { promised } = outcome;
  const promise = boundText(promised, promised.promise);
  const verdict = verdictOf(outcome);
  if (verdict === null || 'failure' in outcome) {
    const reason = 'failure' in outcome ? outcome.failure : 'unknown';
    return JSON.stringify({
      row: promised.row,
      ours: null,
      rival: null,
      unit: promised.unit,
      ratio: null,
      promise,
      holds: false,
      reason,
    });
  }
  return JSON.stringify({
    row: promised.row,
    ours: rounded(verdict.ours.median),
    rival: rounded(verdict.rival.median),
    unit: promised.unit,
    ratio: rounded(verdict.ratio.median),
    promise,
    holds: verdict.holds,
  });
}

/** To three figures: more would claim a precision that nobody has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
