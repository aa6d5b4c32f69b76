import { standstillDetector } from '../../torture/standstill';

describe('a run that stands still', () => {
  it('notices it afterwards, once', () => {
    let clock = 1_000;
    const told: number[] = [];
    const beat = standstillDetector(
      () => clock,
      (seconds) => told.push(seconds),
    );
    for (const ms of [250, 4_900, 250, 37_200, 250]) {
      clock += ms;
      beat();
    }
    expect(told).toEqual([37]);
  });
});
