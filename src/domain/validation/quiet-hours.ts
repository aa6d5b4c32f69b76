import { type Refusal, refusal } from '../refusal';
import { checkTimeZone } from './time-zone';

export interface QuietHoursValues {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
}

/** Local times "HH:MM" on a 24-hour clock, in a time zone; the end may lie before the start and so span midnight. */
export function checkQuietHours(value: QuietHoursValues, ...path: string[]): Refusal[] {
  const refusals = [
    ...checkTimeOfDay(value.start, ...path, 'start'),
    ...checkTimeOfDay(value.end, ...path, 'end'),
    ...checkTimeZone(value.timeZone, ...path, 'timeZone'),
  ];
  if (refusals.length > 0 || value.start !== value.end) return refusals;
  return [
    refusal(
      'INVALID',
      'Quiet hours that end when they begin say nothing. To silence everything, choose no channel.',
      ...path,
      'end',
    ),
  ];
}

function checkTimeOfDay(value: string, ...path: string[]): Refusal[] {
  return /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(value)
    ? []
    : [refusal('INVALID', 'This must be a time from 00:00 to 23:59, with two digits each.', ...path)];
}
