import { boundText, type Outcome, verdictOf } from '../promises';
import { rounded } from './json-line';

/** For a person who watches. */
export function rowLine(outcome: Outcome): string {
  const { promised } = outcome;
  const promise = boundText(promised, promised.promise);
  if ('failure' in outcome) return `✗ ${promised.row}: not measured (promise ${promise}): ${outcome.failure}`;
  const verdict = verdictOf(outcome);
  if (verdict === null) return `✗ ${promised.row}`;
  const { ours, rival, ratio, holds } = verdict;
  return `${holds ? '✓' : '✗'} ${promised.row}: ${rounded(ours.median)} against ${rounded(rival.median)} ${promised.unit} (${promised.rival}), ratio ${rounded(ratio.median)}, promise ${promise}`;
}
