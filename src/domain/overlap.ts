import { type Refusal } from './refusal';
import { checkWholeNumber } from './validation/whole-number';

const DAY_SECONDS = 86_400;

/** How long a former secret goes on working where nobody says: a day, to roll the new one out to every machine. */
const DEFAULT_OVERLAP_SECONDS = DAY_SECONDS;
const MAX_OVERLAP_SECONDS = 7 * DAY_SECONDS;

/** Seconds for which a former secret goes on working beside the new one. 0 ends it at once. */
export function checkOverlap(seconds: number, ...path: string[]): Refusal[] {
  return checkWholeNumber(seconds, 0, MAX_OVERLAP_SECONDS, ...path);
}

/** When the former secret ends; null: it has ended. */
export function overlapEnd(now: Date, seconds: number | null | undefined): Date | null {
  const overlap = seconds ?? DEFAULT_OVERLAP_SECONDS;
  return overlap === 0 ? null : new Date(now.getTime() + overlap * 1000);
}
