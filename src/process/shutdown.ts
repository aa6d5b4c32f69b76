import type { Logger } from 'pino';

/** Longer than a stop can take when all goes well; a process that hangs must not hold up a deployment. */
const BOUND_MS = 25_000;

/**
 * Stops the process in an orderly way on SIGINT or SIGTERM, once. `stop` runs the steps; a second signal, or 25 s,
 * ends it at once with exit code 1. `stopNow` does the same for another reason, unless a stop is under way.
 */
export function stopOnSignals(
  log: Logger,
  stop: () => Promise<void>,
): { stopNow(reason: string, exitCode: number): void } {
  let isStopping = false;
  const stopNow = (reason: string, exitCode: number): void => {
    // An orderly stop ends PostgreSQL as its last step, which must not count as a failure.
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), BOUND_MS).unref();
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (isStopping) process.exit(1);
    stopNow(signal, 0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stopNow };
}
