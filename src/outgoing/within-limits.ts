import { OutgoingAbortedError, OutgoingError, OutgoingNetworkError, OutgoingTimeoutError } from './outgoing-errors';

/** Runs `work` until it ends, the time is over or the caller gives up; the signal that it gets covers both. */
export function withinLimits<T>(
  limits: { timeoutMs: number; signal?: AbortSignal },
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs, signal } = limits;
  if (signal?.aborted) return Promise.reject(new OutgoingAbortedError());
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const stop = (error: OutgoingError): void => {
      // Reject first: the abort makes `work` fail too, with an error that says less.
      reject(error);
      controller.abort();
    };
    const onAbort = (): void => stop(new OutgoingAbortedError());
    const timer = setTimeout(() => stop(new OutgoingTimeoutError(timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    work(controller.signal)
      .then(resolve, (error: unknown) => reject(asOutgoingError(error)))
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
  });
}

function asOutgoingError(error: unknown): OutgoingError {
  return error instanceof OutgoingError ? error : new OutgoingNetworkError(error);
}
