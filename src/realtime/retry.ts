import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds before attempt number `attempt` (1, 2, 3 …): doubled each time up to `most`, half of it by chance. */
export function backoff(attempt: number, first: number, most: number): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt - 1, 20));
  // Processes that lost the same server together must not come back together.
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

const ATTEMPTS = 6;

/**
 * Runs a read again while it fails: about 3 s in all, which covers a restart of the database or a cut connection.
 * Throws the last error; gives up at once when `signal` is aborted.
 */
export async function retryRead<Result>(read: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || signal?.aborted === true) throw error;
    }
    await delay(backoff(attempt, 100, 2000), undefined, { signal });
  }
}
