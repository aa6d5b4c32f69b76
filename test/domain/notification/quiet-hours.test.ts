import { heldUntil, type QuietHours, quietUntil } from '../../../src/domain/notification/quiet-hours';

const MINUTE = 60_000;
const night = (timeZone: string, start = '22:00', end = '07:00'): QuietHours => ({ start, end, timeZone });

describe('heldUntil', () => {
  const now = new Date('2026-11-26T23:00:00Z');
  const quiet = { quietHours: night('UTC'), letRequestsThrough: true };
  const morning = new Date('2026-11-27T07:00:00Z');

  it('holds nothing without quiet hours, nor outside of them', () => {
    expect(heldUntil({ ...quiet, quietHours: null }, 'MESSAGE_RECEIVED', now)).toBeNull();
    expect(heldUntil(quiet, 'MESSAGE_RECEIVED', morning)).toBeNull();
  });

  it('lets a request through, and nothing else, unless it is told not to', () => {
    expect(heldUntil(quiet, 'HANDOFF_REQUESTED', now)).toBeNull();
    for (const kind of ['HANDOFF_UNANSWERED', 'INQUIRY_SUBMITTED', 'MESSAGE_RECEIVED'] as const) {
      expect(heldUntil(quiet, kind, now)).toEqual(morning);
    }
    expect(heldUntil({ ...quiet, letRequestsThrough: false }, 'HANDOFF_REQUESTED', now)).toEqual(morning);
  });
});

describe('quietUntil', () => {
  const cases: [string, QuietHours, string, string | null][] = [
    ['the last moment before they begin', night('UTC'), '2026-11-26T21:59:59.999Z', null],
    ['the moment at which they begin', night('UTC'), '2026-11-26T22:00:00Z', '2026-11-27T07:00:00Z'],
    ['the last moment', night('UTC'), '2026-11-27T06:59:59.999Z', '2026-11-27T07:00:00Z'],
    ['the moment at which they end', night('UTC'), '2026-11-27T07:00:00Z', null],
    ['within one day', night('UTC', '12:00', '13:30'), '2026-11-26T12:30:10Z', '2026-11-26T13:30:00Z'],
    ['until midnight', night('UTC', '20:00', '00:00'), '2026-11-26T23:00:00Z', '2026-11-27T00:00:00Z'],
    ['elsewhere', night('Asia/Kathmandu'), '2026-11-26T17:00:00Z', '2026-11-27T01:15:00Z'],
    // Europe/Madrid goes from 02:00 to 03:00 at 01:00 UTC on 2026-03-29, and back at 01:00 UTC on 2026-10-25.
    ['a night that is an hour short', night('Europe/Madrid'), '2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z'],
    ['a night that is an hour long', night('Europe/Madrid'), '2026-10-24T21:00:00Z', '2026-10-25T06:00:00Z'],
    [
      'an end that no clock shows',
      night('Europe/Madrid', '22:00', '02:30'),
      '2026-03-29T00:10:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'a begin that no clock shows',
      night('Europe/Madrid', '02:30', '06:00'),
      '2026-03-29T01:00:00Z',
      '2026-03-29T04:00:00Z',
    ],
    ['hours that no clock shows', night('Europe/Madrid', '02:10', '02:50'), '2026-03-29T01:00:00Z', null],
    [
      'an end that clocks show twice: the first',
      night('Europe/Madrid', '22:00', '02:30'),
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
    ],
    [
      'and after it, once more',
      night('Europe/Madrid', '22:00', '02:30'),
      '2026-10-25T01:10:00Z',
      '2026-10-25T01:30:00Z',
    ],
    ['half an hour of summer time', night('Australia/Lord_Howe'), '2026-04-04T12:00:00Z', '2026-04-04T20:30:00Z'],
  ];

  it.each(cases)('%s', (_situation, hours, now, expected) => {
    expect(quietUntil(hours, new Date(now))).toEqual(expected === null ? null : new Date(expected));
  });

  // A walk by the minute, that knows nothing but what a clock on the wall shows.
  const ZONES = [
    ...[
      'Europe/Madrid',
      'Europe/London',
      'America/New_York',
      'America/St_Johns',
      'America/Santiago',
      'Africa/Casablanca',
    ],
    ...['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Apia', 'Antarctica/Troll'],
    ...['Africa/Cairo', 'Asia/Beirut', 'America/Havana', 'America/Asuncion', 'Asia/Gaza', 'Pacific/Kiritimati', 'UTC'],
  ];

  it.each(ZONES)('agrees in %s with a walk by the minute, around every change of the clocks', (timeZone) => {
    const random = seeded(timeZone);
    const changes = changesOf(timeZone);
    let quiet = 0;
    for (let round = 0; round < 150; round += 1) {
      const near = changes[Math.floor(random() * changes.length)] ?? Date.UTC(2026, 0, 1) + random() * 3e10;
      const now = Math.floor(near + (random() - 0.6) * 26 * 60 * MINUTE);
      // Half of them begin and end within three hours of midnight, where clocks are changed.
      const hours = { start: clock(random), end: clock(random), timeZone };
      if (hours.start === hours.end) continue;
      const walked = walk(hours, now);
      if (walked !== null) quiet += 1;
      expect([hours, new Date(now), quietUntil(hours, new Date(now))]).toEqual([
        hours,
        new Date(now),
        walked === null ? null : new Date(walked),
      ]);
    }
    expect(quiet).toBeGreaterThan(20);
  });
});

const wall = new Map<string, Intl.DateTimeFormat>();
function wallClock(timeZone: string, time: number): string {
  const format =
    wall.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  wall.set(timeZone, format);
  return format.format(time);
}

function walk({ start, end, timeZone }: QuietHours, now: number): number | null {
  const isQuiet = (time: number): boolean => {
    const local = wallClock(timeZone, time);
    return start < end ? local >= start && local < end : local >= start || local < end;
  };
  if (!isQuiet(now)) return null;
  let time = now - (now % MINUTE);
  while (isQuiet(time)) time += MINUTE;
  return time;
}

/** When the clocks of the zone were changed from 2010 on, to the minute. */
function changesOf(timeZone: string): number[] {
  const offset = (time: number): number => {
    const [hour = 0, minute = 0] = wallClock(timeZone, time).split(':').map(Number);
    return (hour * 60 + minute - Math.floor(time / MINUTE) + 1440 * 1e8) % 1440;
  };
  const found: number[] = [];
  const day = 24 * 60 * MINUTE;
  let before = offset(Date.UTC(2010, 0, 1));
  for (let time = Date.UTC(2010, 0, 1); time < Date.UTC(2028, 0, 1); time += day) {
    const after = offset(time + day);
    if (after === before) continue;
    let minute = time;
    while (offset(minute) === before) minute += MINUTE;
    found.push(minute);
    before = after;
  }
  return found;
}

function clock(random: () => number): string {
  const minutes = random() < 0.5 ? Math.floor(random() * 360) - 180 : Math.floor(random() * 1440);
  const minute = (minutes + 1440) % 1440;
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** The same numbers each time, others in each zone. */
function seeded(text: string): () => number {
  let state = [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
