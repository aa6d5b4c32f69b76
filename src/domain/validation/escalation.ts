import type { Escalation } from '../conversation/escalation';
import { type Refusal, refusal } from '../refusal';
import { checkWholeNumber } from './whole-number';

const MAX_RUNG_SECONDS = 86_400;
const MAX_FALLBACK = 50;
const MAX_INTERVAL_SECONDS = 3600;

/** A ladder: seconds up to a day, at most 50 people named. Whether they can answer here is for the database to say. */
export function checkEscalation(
  { onlineSeconds, everyoneSeconds, fallbackUserIds }: Escalation,
  ...path: string[]
): Refusal[] {
  const tooMany = refusal('LIMIT_EXCEEDED', `At most ${MAX_FALLBACK} people can be named.`, ...path, 'fallbackUserIds');
  return [
    ...checkWholeNumber(onlineSeconds, 0, MAX_RUNG_SECONDS, ...path, 'onlineSeconds'),
    ...checkWholeNumber(everyoneSeconds, 0, MAX_RUNG_SECONDS, ...path, 'everyoneSeconds'),
    ...(fallbackUserIds.length > MAX_FALLBACK ? [tooMany] : []),
  ];
}

/** For how long messages are gathered: 1 to 3600 seconds. */
export function checkAlertInterval(seconds: number, ...path: string[]): Refusal[] {
  return checkWholeNumber(seconds, 1, MAX_INTERVAL_SECONDS, ...path);
}
