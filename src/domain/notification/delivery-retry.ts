export const MAX_DELIVERY_ATTEMPTS = 6;
/** Of a wait, by which it may grow: what failed together must not come back together. */
const JITTER = 0.2;

/** Seconds before the attempt after the first, second … one: about 20 minutes in all, which covers a restarted mail server. */
const WAITS = [10, 30, 120, 300, 900] as const;

/** A mail server that a partner has to mend: three days, as mail servers themselves wait (RFC 5321, 4.5.4.1: at least some). */
const PATIENT_SECONDS = 1800;
export const MAX_PATIENT_ATTEMPTS = WAITS.length + (3 * 24 * 3600) / PATIENT_SECONDS;

/**
 * How long to wait after a passing failure, in milliseconds; null when that was the last attempt.
 *
 * @param attempts how many have been made, this one included
 * @param retryAfterMs what the other side asked for; it lengthens the wait and never shortens it
 * @param isPatient what is at fault is somebody's to mend: every half an hour, for three days
 */
export function nextDeliveryDelay(attempts: number, retryAfterMs: number | null, isPatient = false): number | null {
  if (attempts >= (isPatient ? MAX_PATIENT_ATTEMPTS : MAX_DELIVERY_ATTEMPTS)) return null;
  const seconds = WAITS[Math.max(0, attempts - 1)] ?? PATIENT_SECONDS;
  return Math.max(seconds * 1000, retryAfterMs ?? 0);
}

/** The wait, up to a fifth longer; never shorter, for the other side may have asked for it. `random` is from 0 to 1. */
export function spreadDelay(delayMs: number, random: number): number {
  return Math.round(delayMs * (1 + JITTER * random));
}
