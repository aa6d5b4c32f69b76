import { checkBranding } from '../../../src/domain/validation/branding';
import { givenValues, refuseNulls, whenSet } from '../../../src/domain/validation/patch';
import { checkQuietHours } from '../../../src/domain/validation/quiet-hours';
import { checkWholeNumber } from '../../../src/domain/validation/whole-number';
import { refusal } from '../../../src/domain/refusal';

describe('quiet hours', () => {
  const timeZone = 'Europe/Madrid';
  it.each([
    [{ start: '24:00', end: '07:00', timeZone }, 'start'],
    [{ start: '7:00', end: '08:00', timeZone }, 'start'],
    [{ start: '22:00', end: '07:60', timeZone }, 'end'],
    [{ start: '22:00', end: '07:00\n', timeZone }, 'end'],
    [{ start: '22:00', end: '07:00', timeZone: 'Nowhere' }, 'timeZone'],
    [{ start: '22:00', end: '22:00', timeZone }, 'end'],
  ])('must not be %j', (value, field) => {
    expect(checkQuietHours(value, 'quietHours').map(({ code, path }) => [code, ...path])).toEqual([
      ['INVALID', 'quietHours', field],
    ]);
  });

  it.each([
    { start: '22:00', end: '07:00', timeZone },
    { start: '00:00', end: '23:59', timeZone },
  ])('may be %j', (value) => {
    expect(checkQuietHours(value)).toEqual([]);
  });
});

it('a whole number lies between its bounds, both included', () => {
  expect([0, 1, 5, 6, 1.5, Number.NaN, Infinity].map((value) => checkWholeNumber(value, 1, 5, 'n').length)).toEqual([
    1, 0, 0, 1, 1, 1, 1,
  ]);
});

describe('branding', () => {
  it('is refused part by part', () => {
    const none = {
      displayName: '',
      logoUrl: 'x',
      primaryColor: 'x',
      supportEmail: 'x',
      emailFromName: 'a\r\nb',
      dashboardUrl: 'javascript:x',
    };
    expect(checkBranding(none, 'branding').map(({ path }) => path)).toEqual(
      Object.keys(none).map((key) => ['branding', key]),
    );
  });

  it('may leave everything out, or take everything away', () => {
    expect(checkBranding({})).toEqual([]);
    expect(checkBranding({ displayName: null, logoUrl: null, primaryColor: null, supportEmail: null })).toEqual([]);
  });
});

describe('a patch', () => {
  it('refuses null where something has to be, and nothing else', () => {
    const patch: { a?: string | null; b?: string | null; c?: string | null } = { a: null, b: 'x' };
    expect(refuseNulls(patch, ['a', 'b', 'c'], 'deep').map(({ code, path }) => [code, ...path])).toEqual([
      ['INVALID', 'deep', 'a'],
    ]);
  });

  it('checks only what is there', () => {
    const check = (value: string, ...path: string[]): ReturnType<typeof refusal>[] => [
      refusal('INVALID', value, ...path),
    ];
    expect(whenSet(null, check, 'a')).toEqual([]);
    expect(whenSet(undefined, check, 'a')).toEqual([]);
    expect(whenSet('', check, 'a')).toEqual([refusal('INVALID', '', 'a')]);
  });

  it('keeps null and drops what was left out', () => {
    expect(Object.entries(givenValues({ a: 1, b: null, c: undefined }))).toEqual([
      ['a', 1],
      ['b', null],
    ]);
  });
});
