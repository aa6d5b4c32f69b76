import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { poolStateOf } from '../database/pool-state';
import { read, SERVER } from '../database/scope';
import type { StreamFigures } from '../metrics/figures';
import type { Metrics } from '../metrics/metrics';
import { startMetricsServer } from '../metrics/metrics-server';
import { readLogState } from '../queries/log-state';
import type { LogTail } from '../realtime/log-tail';
import type { Admission } from '../server/admission';
import { StartError } from './run-root';

/** What every process has figures of: its pool, and its place in the event log. */
export function watchCore(metrics: Metrics, core: { source: DataSource; tail: LogTail; poolSize: number }): void {
  const { source, tail, poolSize } = core;
  metrics.watch.pool(() => ({ ...poolStateOf(source), size: poolSize }));
  metrics.watch.repairs(() => tail.repaired);
  metrics.watch.log(async () => {
    const { position } = tail;
    const state = await read(source, SERVER, (manager) => readLogState(manager, position));
    return {
      top: state.top,
      lagEvents: Math.max(0, state.top - position),
      lagSeconds: state.unseenSeconds,
      outboxEvents: state.outboxEvents,
      outboxSeconds: state.outboxSeconds,
    };
  });
}

/** What an API process has figures of besides. */
export function watchApi(metrics: Metrics, { authentications, joins }: Admission, streams: () => StreamFigures): void {
  metrics.watch.streams(streams);
  metrics.watch.admission(() => ({ authentications: authentications.waiting, joins: joins.waiting }));
}

/**
 * Lets Prometheus read, where METRICS_PORT is set.
 *
 * @throws StartError when METRICS_PORT or METRICS_HOST cannot be listened on
 */
export async function startMetrics(
  metrics: Metrics,
  { host, port }: Config['metrics'],
  log: Logger,
): Promise<{ port: number | null; stop(): Promise<void> }> {
  if (port === null) return { port: null, stop: () => Promise.resolve() };
  try {
    const server = await startMetricsServer(metrics, { host, port });
    log.info({ host, port: server.port }, 'metrics are at /metrics');
    return server;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new StartError(`METRICS_PORT or METRICS_HOST cannot be listened on (${code}): set them to others.`, {
      cause: error,
    });
  }
}
