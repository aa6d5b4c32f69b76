import { firstChange, offsetAt } from '../zone-clock';

export type Weekday = 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';

export const WEEKDAYS: readonly Weekday[] = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
];

/** From `opens` up to `closes`, as HH:MM on the clocks of the zone; 24:00 is the end of the day. */
export interface OpenPeriod {
  readonly day: Weekday;
  readonly opens: string;
  readonly closes: string;
}

/** When an organization answers. */
export interface BusinessHours {
  readonly timeZone: string;
  readonly weekly: readonly OpenPeriod[];
  /** YYYY-MM-DD in that zone. */
  readonly closedDays: readonly string[];
}

const DAY_MS = 86_400_000;
/** A year with its closed days; who opens on no day of it does not open. */
const HORIZON_DAYS = 370;

export function isOpenAt(hours: BusinessHours, now: Date): boolean {
  return periodsOn(hours, localDay(now, hours.timeZone)).some(({ from, to }) => from <= now && now < to);
}

/** The next beginning of a period after `now`, also while it is open. Null: there is none within a year. */
export function nextOpeningAfter(hours: BusinessHours, now: Date): Date | null {
  const today = localDay(now, hours.timeZone);
  for (let day = 0; day <= HORIZON_DAYS; day += 1) {
    const coming = periodsOn(hours, today + day * DAY_MS)
      .map(({ from }) => from)
      .filter((from) => from > now);
    if (coming.length > 0) return new Date(Math.min(...coming.map((from) => from.getTime())));
  }
  return null;
}

/** A calendar day is its midnight in UTC: days of a zone are counted, never measured, for some have 23 or 25 hours. */
function periodsOn({ timeZone, weekly, closedDays }: BusinessHours, day: number): { from: Date; to: Date }[] {
  const date = new Date(day);
  if (closedDays.includes(date.toISOString().slice(0, 10))) return [];
  return weekly
    .filter((period) => period.day === WEEKDAYS[date.getUTCDay()])
    .map(({ opens, closes }) => ({ from: instantOf(day, opens, timeZone), to: instantOf(day, closes, timeZone) }))
    .filter(({ from, to }) => from < to);
}

/**
 * The instant at which the clocks of the zone show that time. Shown twice, when they are set back: the first. Never
 * shown, when they are set forward: the instant at which they are.
 */
function instantOf(day: number, time: string, timeZone: string): Date {
  const shown = day + minutesOf(time) * 60_000;
  const offsets = [shown - DAY_MS, shown + DAY_MS].map((near) => offsetAt(timeZone, near));
  const fitting = offsets.map((offset) => shown - offset).filter((at) => at + offsetAt(timeZone, at) === shown);
  if (fitting.length > 0) return new Date(Math.min(...fitting));
  // Inside of the hour that is left out: the offset from before it gives an instant after it, as far as the time was inside.
  const [from, to] = [shown - Math.max(...offsets), shown - Math.min(...offsets)];
  return new Date(firstChange(timeZone, from, to) ?? to);
}

function localDay(now: Date, timeZone: string): number {
  const local = now.getTime() + offsetAt(timeZone, now.getTime());
  return Math.floor(local / DAY_MS) * DAY_MS;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A moment in the reader's language and on the organization's clocks, with the day: "Monday 4 May at 09:00". */
export function formatOpening(at: Date, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
