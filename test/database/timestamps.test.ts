import fc from 'fast-check';
import { types } from 'pg';
import { instantOf, TYPES } from '../../src/database/timestamps';

const byPg = types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown;
const ours = TYPES.getTypeParser(types.builtins.TIMESTAMPTZ);

describe('an instant as PostgreSQL writes it', () => {
  it('is read as the general parser reads it, whatever it is', () => {
    const instants = fc.tuple(
      fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      fc.integer({ min: 0, max: 999_999 }),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom('+00', '+02', '-05:30', '+05:45:12', '+00 BC', ''),
    );
    fc.assert(
      fc.property(instants, ([date, micros, digits, zone]) => {
        const [day, time = ''] = date.toISOString().split('T');
        const fraction = digits === 0 ? '' : `.${String(micros).padStart(6, '0').slice(0, digits)}`;
        const text = `${day} ${time.slice(0, 8)}${fraction}${zone}`;
        expect(ours(text)).toEqual(byPg(text));
      }),
    );
  });

  it.each(['infinity', '-infinity', '', '12026-03-01 09:30:00+00', '2026-03-01', '2026-03-01T09:30:00Z'])(
    'is left to the general parser in the form of %j',
    (text) => {
      expect(instantOf(text)).toBeNull();
      expect(ours(text)).toEqual(byPg(text));
    },
  );

  it('is read by the fast way in the form that a session in UTC gives', () => {
    expect(instantOf('2026-03-01 09:30:00.1+00')).toEqual(new Date('2026-03-01T09:30:00.100Z'));
    expect(instantOf('2026-03-01 09:30:00.123999+00')).toEqual(new Date('2026-03-01T09:30:00.123Z'));
    expect(instantOf('2026-03-01 09:30:00+00')).toEqual(new Date('2026-03-01T09:30:00.000Z'));
  });
});
