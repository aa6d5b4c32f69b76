import {
  type BusinessHours,
  formatOpening,
  isOpenAt,
  nextOpeningAfter,
  type Weekday,
  WEEKDAYS,
} from '../../../src/domain/conversation/business-hours';

const WORKDAYS: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];

function hours(timeZone: string, opens: string, closes: string, change: Partial<BusinessHours> = {}): BusinessHours {
  return { timeZone, weekly: WORKDAYS.map((day) => ({ day, opens, closes })), closedDays: [], ...change };
}

const every = (timeZone: string, opens: string, closes: string): BusinessHours =>
  hours(timeZone, opens, closes, { weekly: WEEKDAYS.map((day) => ({ day, opens, closes })) });

const opening = (of: BusinessHours, now: string): string | null =>
  nextOpeningAfter(of, new Date(now))?.toISOString() ?? null;

describe('business hours', () => {
  const madrid = hours('Europe/Madrid', '09:00', '18:00');

  it('open at their first minute and close at the one that they name', () => {
    const open = (at: string): boolean => isOpenAt(madrid, new Date(at));
    expect(open('2027-01-04T07:59:59.999Z')).toBe(false);
    expect(open('2027-01-04T08:00:00Z')).toBe(true);
    expect(open('2027-01-04T16:59:59.999Z')).toBe(true);
    expect(open('2027-01-04T17:00:00Z')).toBe(false);
    expect(open('2027-01-03T10:00:00Z')).toBe(false);
  });

  it('are never open without a period, and have no next opening', () => {
    const never = { ...madrid, weekly: [] };
    expect(isOpenAt(never, new Date())).toBe(false);
    expect(nextOpeningAfter(never, new Date())).toBeNull();
  });

  it.each([
    ['before they begin', '2027-01-04T06:00:00Z', '2027-01-04T08:00:00.000Z'],
    ['while they are open', '2027-01-04T10:00:00Z', '2027-01-05T08:00:00.000Z'],
    ['over a weekend', '2027-01-08T20:00:00Z', '2027-01-11T08:00:00.000Z'],
    ['over the spring change', '2027-03-26T20:00:00Z', '2027-03-29T07:00:00.000Z'],
    ['over the autumn change', '2027-10-29T20:00:00Z', '2027-11-01T08:00:00.000Z'],
  ])('open next, %s', (_situation, now, expected) => {
    expect(opening(madrid, now)).toBe(expected);
  });

  it('pass over closed days', () => {
    const closed = { ...madrid, closedDays: ['2027-01-04', '2027-01-05'] };
    expect(isOpenAt(closed, new Date('2027-01-04T10:00:00Z'))).toBe(false);
    expect(opening(closed, '2027-01-03T10:00:00Z')).toBe('2027-01-06T08:00:00.000Z');
  });

  it('that begin in the hour that is left out begin when the clocks are set', () => {
    expect(opening(every('Europe/Madrid', '02:30', '04:00'), '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00:00.000Z');
  });

  it('that lie inside of the hour that is left out do not take place', () => {
    expect(opening(every('Europe/Madrid', '02:10', '02:50'), '2027-03-27T12:00:00Z')).toBe('2027-03-29T00:10:00.000Z');
  });

  it('that begin in the hour that comes twice begin with the first', () => {
    expect(opening(every('Europe/Madrid', '02:30', '09:00'), '2027-10-30T12:00:00Z')).toBe('2027-10-31T00:30:00.000Z');
  });

  it('are told in the language of the reader and on the clocks of the organization', () => {
    const at = new Date('2027-01-04T08:00:00Z');
    expect(formatOpening(at, 'es', 'Europe/Madrid')).toMatch(/lunes.*4.*enero.*09:00/);
    expect(formatOpening(at, 'en', 'America/New_York')).toMatch(/Monday.*January.*4.*03:00/);
  });
});

/** Whole and half hours, a change of half an hour, one at midnight, none at all, a day that was left out. */
const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe('at any time, in any zone', () => {
  const clockIn = (timeZone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'long',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });

  it.each(ZONES)('%s: the next opening is open, nothing between is, and the clocks there show its time', (timeZone) => {
    const random = numbers(7);
    const pick = (below: number): number => Math.floor(random.next().value * below);
    const clock = clockIn(timeZone);
    for (let round = 0; round < 60; round += 1) {
      const [opens, length] = [pick(23 * 60), 1 + pick(59)];
      const time = (minutes: number): string =>
        `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      const weekly = WEEKDAYS.filter(() => pick(3) > 0).map((day) => ({
        day,
        opens: time(opens),
        closes: time(opens + length),
      }));
      const of: BusinessHours = { timeZone, weekly, closedDays: [] };
      const now = new Date(Date.UTC(2027, pick(12), 1 + pick(28), pick(24), pick(60), pick(60)));
      const next = nextOpeningAfter(of, now);
      if (weekly.length === 0) {
        expect(next).toBeNull();
        continue;
      }
      expect(next!.getTime()).toBeGreaterThan(now.getTime());
      expect(isOpenAt(of, next!)).toBe(true);
      expect(isOpenAt(of, new Date(next!.getTime() - 1))).toBe(false);
      const shown = Object.fromEntries(clock.formatToParts(next!).map(({ type, value }) => [type, value]));
      const period = weekly.find(({ day }) => day === shown['weekday']!.toUpperCase())!;
      // Later on the clocks only where they were set forward over the beginning.
      expect(`${shown['hour']}:${shown['minute']}` >= period.opens).toBe(true);
      expect(`${shown['hour']}:${shown['minute']}` < period.closes).toBe(true);
      if (isOpenAt(of, now)) continue;
      const span = next!.getTime() - now.getTime();
      const between = Array.from({ length: 19 }, (_, step) => new Date(now.getTime() + (span * (step + 1)) / 20));
      expect(between.filter((at) => isOpenAt(of, at))).toEqual([]);
    }
  });
});
