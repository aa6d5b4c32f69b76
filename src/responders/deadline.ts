import { ResponderFailure } from './responder-failure';

export interface Deadline {
  /** Aborts with the outer signal's reason, or with a ResponderFailure (not retryable) when the time is over. */
  signal: AbortSignal;
  clear(): void;
}

/** Bounds one attempt to `timeoutMs` milliseconds. `clear` must be called at its end, or the timer keeps the process alive. */
export function startDeadline(outer: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const follow = (): void => {
    controller.abort(outer.reason);
  };
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new ResponderFailure(`No complete answer within ${String(timeoutMs)} ms.`, false));
  }, timeoutMs);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', follow);
    },
  };
}

/** Settles like `promise`, or rejects with the signal's reason if that comes first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const race = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true, signal: race.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    race.abort();
  }
}
