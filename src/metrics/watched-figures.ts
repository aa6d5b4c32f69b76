import { Counter, Gauge, type Registry } from 'prom-client';
import type { AdmissionFigures, LogFigures, PoolFigures, QueueDepth, StreamFigures } from './figures';
import { type MetricsLog, Readings } from './readings';

/** Gauges and counters that others keep, and that are read at each scrape. Each is watched at most once. */
export class WatchedFigures {
  private readonly readings: Readings;

  constructor(
    private readonly registry: Registry,
    log: MetricsLog,
  ) {
    this.readings = new Readings(registry, log);
  }

  refresh(): Promise<void> {
    return this.readings.refresh();
  }

  streams(read: () => StreamFigures): void {
    const sockets = this.gauge('baton_sockets', 'Open sockets');
    const groups = this.gauge('baton_stream_groups', 'Groups of subscriptions that are executed together');
    const members = this.gauge('baton_stream_members', 'Open subscriptions');
    const executions = this.total('baton_stream_executions_total', 'Executions, one for each event and group');
    const deliveries = this.total('baton_stream_deliveries_total', 'Events handed to sockets');
    const replays = this.total('baton_stream_replays_total', 'Streams that began after a cursor');
    const slowClosed = this.total('baton_stream_slow_closed_total', 'Sockets closed with 4008: they read too slowly');
    this.readings.add('streams', [sockets, groups, members], read, (figures) => {
      sockets.set(figures.sockets);
      groups.set(figures.groups);
      members.set(figures.members);
      executions(figures.executions);
      deliveries(figures.deliveries);
      replays(figures.replays);
      slowClosed(figures.slowClosed);
    });
  }

  admission(read: () => AdmissionFigures): void {
    const waiting = this.gauge('baton_admission_waiting', 'Sockets and streams that wait for their turn', ['for']);
    this.readings.add('admission', [waiting], read, ({ authentications, joins }) => {
      waiting.set({ for: 'authentication' }, authentications);
      waiting.set({ for: 'join' }, joins);
    });
  }

  pool(read: () => PoolFigures): void {
    const connections = this.gauge('baton_pool_connections', 'Open connections to PostgreSQL', ['state']);
    const size = this.gauge('baton_pool_size', 'Connections that the pool may open');
    const waiting = this.gauge('baton_pool_waiting', 'Transactions that wait for a connection');
    this.readings.add('pool', [connections, size, waiting], read, (figures) => {
      connections.set({ state: 'busy' }, figures.total - figures.idle);
      connections.set({ state: 'idle' }, figures.idle);
      size.set(figures.size);
      waiting.set(figures.waiting);
    });
  }

  log(read: () => Promise<LogFigures>): void {
    const top = this.gauge('baton_log_position', 'Newest position of the event log');
    const lag = this.gauge('baton_log_lag_events', 'Events of the log that this process has not seen');
    const age = this.gauge('baton_log_lag_seconds', 'Age of the oldest event that this process has not seen');
    const outbox = this.gauge('baton_outbox_events', 'Events that are committed and not in the log yet');
    const outboxAge = this.gauge('baton_outbox_age_seconds', 'Age of the oldest event that is not in the log yet');
    this.readings.add('log', [top, lag, age, outbox, outboxAge], read, (figures) => {
      top.set(figures.top);
      lag.set(figures.lagEvents);
      age.set(figures.lagSeconds);
      outbox.set(figures.outboxEvents);
      outboxAge.set(figures.outboxSeconds);
    });
  }

  repairs(read: () => number): void {
    const repaired = this.total('baton_hint_losses_repaired_total', 'Events that no hint told of, found by looking');
    this.readings.add('hints', [], read, repaired);
  }

  queues(read: () => Promise<readonly QueueDepth[]>): void {
    const depth = this.gauge('baton_queue_jobs', 'Jobs in the queues of all workers together', ['queue', 'state']);
    this.readings.add('queues', [depth], read, (depths) => {
      for (const { queue, state, jobs } of depths) depth.set({ queue, state }, jobs);
    });
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** A counter that somebody else keeps. Returns what tells it where that one stands. */
  private total(name: string, help: string): (value: number) => void {
    const counter = new Counter({ name, help, registers: [this.registry] });
    return (value) => {
      counter.reset();
      counter.inc(value);
    };
  }
}
