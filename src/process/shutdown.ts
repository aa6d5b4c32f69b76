import type { ServerConfig } from '../config/config';
import type { Core } from './core';

/** What a stop may take besides its delay and drain: requests 10 s, jobs 15 s, and what is left 10 s. */
const REST_MS = 35_000;

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
 * Stops the process in an orderly way on SIGINT or SIGTERM, once. `stop` runs the steps; a second signal, or the end of
 * its time, ends it at once with exit code 1: a process that hangs must not hold up a deployment. `stopNow` does the
 * same for another reason, unless a stop is under way.
 */
export function stopOnSignals(
  { log, config }: Pick<Core, 'log' | 'config'>,
  stop: () => Promise<void>,
): { stopNow(reason: string, exitCode: number): void } {
  let isStopping = false;
  const stopNow = (reason: string, exitCode: number): void => {
    // An orderly stop ends PostgreSQL as its last step, which must not count as a failure.
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), stopBoundMs(config)).unref();
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

/** Longer than a stop can take when all goes well, whatever delay and drain are set to. */
export function stopBoundMs({
  server,
}: {
  readonly server: Pick<ServerConfig, 'drainSeconds' | 'readyDelaySeconds'>;
}): number {
  return (server.readyDelaySeconds + server.drainSeconds) * 1000 + REST_MS;
}
