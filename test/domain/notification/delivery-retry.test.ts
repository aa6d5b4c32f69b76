import { MAX_DELIVERY_ATTEMPTS, nextDeliveryDelay } from '../../../src/domain/notification/delivery-retry';

describe('nextDeliveryDelay', () => {
  it('gives up after the sixth attempt, whatever the other side asks for', () => {
    expect(nextDeliveryDelay(MAX_DELIVERY_ATTEMPTS, null)).toBeNull();
    expect(nextDeliveryDelay(MAX_DELIVERY_ATTEMPTS, 1000)).toBeNull();
  });

  it('waits longer after each attempt', () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => nextDeliveryDelay(attempts, null));
    expect(waits).toEqual([10_000, 30_000, 120_000, 300_000, 900_000]);
  });

  it('waits at least as long as it was asked to', () => {
    expect(nextDeliveryDelay(1, 60_000)).toBe(60_000);
    expect(nextDeliveryDelay(1, 1)).toBe(10_000);
  });
});
