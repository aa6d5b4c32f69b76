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

/** The first moment after `from`, up to `to`, at which the clock is put to another time; null: it is not. */
function firstChange(timeZone: string, from: number, to: number): number | null {
  const offset = offsetAt(timeZone, from);
  // A clock is not put forward and back within a day: what differs at neither end does not differ between.
  if (offsetAt(timeZone, to) === offset) return null;
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(timeZone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(timeZone: string, time: number): number {
  const part = new Map(
    clockOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const at = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  const local = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return local - Math.floor(time / 1000) * 1000;
}

/** Making one takes about 50 µs and 40 kB, asking one 2 µs. There are about 600 zones, under more spellings. */
const clocks = new Map<string, Intl.DateTimeFormat>();
const MAX_CLOCKS = 1000;

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  if (clocks.size >= MAX_CLOCKS) clocks.clear();
  const digits = 'numeric';
  const day = { calendar: 'gregory', numberingSystem: 'latn', year: digits, month: digits, day: digits } as const;
  const clock = new Intl.DateTimeFormat('en', {
    ...day,
    ...{ hourCycle: 'h23', hour: digits, minute: digits, second: digits },
    timeZone,
  });
  clocks.set(timeZone, clock);
  return clock;
}

const minuteOfDay = (local: number): number => {
  const minute = Math.floor(local / MINUTE_MS) % MINUTES_OF_DAY;
  return minute < 0 ? minute + MINUTES_OF_DAY : minute;
};

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
