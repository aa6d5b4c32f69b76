import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Whether a key may do one more of something, counted in this process alone. */
export function createMemoryLimit(points: number, seconds: number): (key: string) => Promise<boolean> {
  const counts = new RateLimiterMemory({ points, duration: seconds });
  return async (key) => {
    try {
      await counts.consume(key);
      return true;
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      return false;
    }
  };
}
