export const MAX_DELIVERY_ATTEMPTS = 6;
/** Of a wait, by which it may grow: what failed together must not come back together. */
const JITTER = 0.2;

/** Seconds before the attempt after the first, second … one: about 20 minutes in all, which covers a restarted mail server. */
const WAITS = [10, 30, 120, 300, 900] as const;

/**
 * How long to wait after a passing failure, in milliseconds; null when that was the last attempt.
 *
 * @param attempts how many have been made, this one included
 * @param retryAfterMs what the other side asked for; it lengthens the wait and never shortens it
 */
export function nextDeliveryDelay(attempts: number, retryAfterMs: number | null): number | null {
  if (attempts >= MAX_DELIVERY_ATTEMPTS) return null;
  const seconds = WAITS[Math.max(0, attempts - 1)] ?? WAITS[WAITS.length - 1] ?? 900;
  return Math.max(seconds * 1000, retryAfterMs ?? 0);
}

/** The wait, up to a fifth longer; never shorter, for the other side may have asked for it. `random` is from 0 to 1. */
export function spreadDelay(delayMs: number, random: number): number {
  return Math.round(delayMs * (1 + JITTER * random));
}
