import { firstChange, offsetAt } from '../zone-clock';
import type { NotificationKind } from './notification-kinds';

/** Local times "HH:MM" in a time zone: from `start` until before `end`, over midnight where `end` is earlier. */
export interface QuietHours {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
}

/** When a user wants to hear nothing by e-mail or push, and what is said all the same. */
export interface QuietChoice {
  readonly quietHours: QuietHours | null;
  readonly letRequestsThrough: boolean;
}

const MINUTE_MS = 60_000;
const MINUTES_OF_DAY = 1440;

/** Until when this has to wait; null: it may leave now. */
export function heldUntil(choice: QuietChoice, kind: NotificationKind, now: Date): Date | null {
  if (choice.quietHours === null) return null;
  if (kind === 'HANDOFF_REQUESTED' && choice.letRequestsThrough) return null;
  return quietUntil(choice.quietHours, now);
}

/**
 * When the quiet hours end that `now` is in; null: it is in none. They are what a clock on the wall shows: where it is
 * put forward over `end` they end at that moment, where it is put back behind `end` they begin once more.
 */
export function quietUntil(hours: QuietHours, now: Date): Date | null {
  if (!isQuiet(hours, now.getTime())) return null;
  const end = minuteOf(hours.end);
  for (let from = now.getTime(); ;) {
    const local = from + offsetAt(hours.timeZone, from);
    const left = (end - minuteOfDay(local) + MINUTES_OF_DAY) % MINUTES_OF_DAY;
    const goal = from - (((local % MINUTE_MS) + MINUTE_MS) % MINUTE_MS) + left * MINUTE_MS;
    const changed = firstChange(hours.timeZone, from, goal);
    if (changed === null) return new Date(goal);
    if (!isQuiet(hours, changed)) return new Date(changed);
    from = changed;
  }
}

function isQuiet({ start, end, timeZone }: QuietHours, time: number): boolean {
  const minute = minuteOfDay(time + offsetAt(timeZone, time));
  const [from, to] = [minuteOf(start), minuteOf(end)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

const minuteOfDay = (local: number): number => {
  const minute = Math.floor(local / MINUTE_MS) % MINUTES_OF_DAY;
  return minute < 0 ? minute + MINUTES_OF_DAY : minute;
};

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
