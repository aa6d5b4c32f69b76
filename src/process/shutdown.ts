import type { Logger } from 'pino';

/** Longer than a stop can take when all goes well; a process that hangs must not hold up a deployment. */
const BOUND_MS = 25_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * For the time until `stopOnSignals` takes over: a signal ends the process as soon as `starting` has settled, through
 * its exit handlers, which take the embedded PostgreSQL along. Node by itself would die on the spot and leave it running.
 */
export function endOnSignals(starting: Promise<unknown> | null): void {
  const end = (): void => process.exit(130);
  for (const signal of SIGNALS) process.on(signal, () => void Promise.resolve(starting).then(end, end));
}

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
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    stopNow(signal, 0);
  };
  for (const signal of SIGNALS) process.removeAllListeners(signal).on(signal, onSignal);
  return { stopNow };
}
