import type { BusinessHours, OpenPeriod } from '../conversation/business-hours';
import { type Refusal, refusal } from '../refusal';
import { checkTimeZone } from './time-zone';

const MAX_PERIODS = 50;
const MAX_CLOSED_DAYS = 400;

/** A zone, periods that end after they begin (24:00 is the end of the day), and days that the calendar has. */
export function checkBusinessHours({ timeZone, weekly, closedDays }: BusinessHours, ...path: string[]): Refusal[] {
  return [
    ...checkTimeZone(timeZone, ...path, 'timeZone'),
    ...checkCount(weekly.length, MAX_PERIODS, ...path, 'weekly'),
    ...checkCount(closedDays.length, MAX_CLOSED_DAYS, ...path, 'closedDays'),
    ...weekly.flatMap((period, index) => checkPeriod(period, ...path, 'weekly', String(index))),
    ...closedDays.flatMap((day, index) => checkDay(day, ...path, 'closedDays', String(index))),
  ];
}

function checkCount(count: number, max: number, ...path: string[]): Refusal[] {
  return count <= max ? [] : [refusal('LIMIT_EXCEEDED', `At most ${max} of these can be given.`, ...path)];
}

function checkPeriod({ opens, closes }: OpenPeriod, ...path: string[]): Refusal[] {
  if (!/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(opens))
    return [refusal('INVALID', 'This must be a time from 00:00 to 23:59, with two digits each.', ...path, 'opens')];
  if (!/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/.test(closes))
    return [refusal('INVALID', 'This must be a time from 00:00 to 24:00, with two digits each.', ...path, 'closes')];
  if (opens < closes) return [];
  const message = 'A period ends after it begins. For hours past midnight give one up to 24:00 and one from 00:00.';
  return [refusal('INVALID', message, ...path, 'closes')];
}

function checkDay(day: string, ...path: string[]): Refusal[] {
  const isDate = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) && isOnCalendar(day);
  return isDate ? [] : [refusal('INVALID', 'This must be a day as in 2027-12-25.', ...path)];
}

function isOnCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
