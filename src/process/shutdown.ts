import type { Logger } from 'pino';

/** Longer than a stop can take when all goes well; a process that hangs must not hold up a deployment. */
const BOUND_MS = 25_000;

/**
 * Stops the process in an orderly way on SIGINT or SIGTERM, once. `stop` runs the steps; a second signal, or 25 s,
 * ends it at once with exit code 1.
 */
export function stopOnSignals(
  log: Logger,
  stop: () => Promise<void>,
): { stopNow(reason: string, exitCode: number): void } {
  let isStopping = false;
  const stopNow = (reason: string, exitCode: number): void => {
    if (isStopping) process.exit(1);
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
  process.on('SIGINT', () => stopNow('SIGINT', 0));
  process.on('SIGTERM', () => stopNow('SIGTERM', 0));
  return { stopNow };
}
