import {
  MAX_DELIVERY_ATTEMPTS,
  MAX_PATIENT_ATTEMPTS,
  nextDeliveryDelay,
} from '../../../src/domain/notification/delivery-retry';

describe('nextDeliveryDelay', () => {
  it('gives up after the sixth attempt, whatever the other side asks for', () => {
    expect(nextDeliveryDelay(MAX_DELIVERY_ATTEMPTS, null)).toBeNull();
    expect(nextDeliveryDelay(MAX_DELIVERY_ATTEMPTS, 1000)).toBeNull();
  });

  it('waits longer after each attempt', () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => nextDeliveryDelay(attempts, null));
    expect(waits).toEqual([10_000, 30_000, 120_000, 300_000, 900_000]);
  });

  it('goes on every half an hour for three days where somebody has to mend something', () => {
    const attempts = Array.from({ length: MAX_PATIENT_ATTEMPTS }, (_, before) => before + 1);
    const waits = attempts.map((each) => nextDeliveryDelay(each, null, true));
    expect(waits.slice(0, 7)).toEqual([10_000, 30_000, 120_000, 300_000, 900_000, 1_800_000, 1_800_000]);
    expect(waits.at(-1)).toBeNull();
    const days = waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0) / 86_400_000;
    expect(days).toBeGreaterThan(2.9);
    expect(days).toBeLessThan(3.1);
  });

  it('waits at least as long as it was asked to', () => {
    expect(nextDeliveryDelay(1, 60_000)).toBe(60_000);
    expect(nextDeliveryDelay(1, 1)).toBe(10_000);
  });
});
