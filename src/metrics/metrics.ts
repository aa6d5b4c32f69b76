import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { MetricsLog } from './readings';
import { WatchedFigures } from './watched-figures';

/** What happens once, told by whoever does it. Modules that tell declare the one method that they need. */
export interface Meter {
  /** An answer has left (its HTTP status), or its connection was cut ("cut"). */
  requestEnded(request: { operation: string; status: string; seconds: number }): void;
  /** A request failed on our side, over HTTP or a socket. */
  requestFailed(): void;
  /** A credential was sent and is not valid. */
  authenticationFailed(transport: Transport): void;
  limitReached(limit: string): void;
  /** Answered with 503: too many wait already. */
  turnedAway(transport: Transport): void;
  deliveryEnded(channel: string, outcome: string): void;
  /** A mail that came in was TAKEN, or why it was not. */
  inboundMailEnded(outcome: string): void;
  jobEnded(job: { queue: string; outcome: 'done' | 'failed'; seconds: number }): void;
}

type Transport = 'http' | 'socket';

export interface Metrics extends Meter {
  /** What is read at each scrape. A source that fails, or takes above 2 s, leaves its figures out of that scrape. */
  readonly watch: WatchedFigures;
  /** Adds what Node tells of the process: memory, CPU, the lag of its event loop. It watches from then on. */
  watchProcess(): void;
  /** The text that Prometheus reads, and its content type. */
  exposition(): Promise<{ text: string; contentType: string }>;
}

/** From a statement that is answered at once to one that runs into its timeout of 30 s. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The instruments of one process. docs/OPERATIONS.md says what each means; a test compares the two. */
export function createMetrics(log: MetricsLog): Metrics {
  return new PrometheusMetrics(log);
}

class PrometheusMetrics implements Metrics {
  private readonly registry = new Registry();
  readonly watch = new WatchedFigures(this.registry, this.log);
  private readonly requests = this.histogram(
    'baton_http_request_duration_seconds',
    'GraphQL requests over HTTP, from their headers to their answer',
    ['operation', 'status'],
  );
  private readonly failures = this.counter('baton_request_failures_total', 'Requests that failed on our side', []);
  private readonly strangers = this.counter(
    'baton_authentication_failures_total',
    'Credentials that were sent and are not valid',
    ['transport'],
  );
  private readonly refusals = this.counter('baton_rate_limits_refused_total', 'Calls over a limit', ['limit']);
  private readonly crowded = this.counter('baton_turned_away_total', 'Answered with 503: too many wait', ['transport']);
  private readonly deliveries = this.counter('baton_deliveries_total', 'Attempts to send a mail or a push', [
    'channel',
    'outcome',
  ]);
  private readonly inboundMails = this.counter('baton_inbound_mails_total', 'Mails that came in', ['outcome']);
  private readonly jobs = this.histogram('baton_job_duration_seconds', 'Jobs of the queues', ['queue', 'outcome']);

  constructor(private readonly log: MetricsLog) {}

  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  async exposition(): Promise<{ text: string; contentType: string }> {
    await this.watch.refresh();
    return { text: await this.registry.metrics(), contentType: this.registry.contentType };
  }

  requestEnded({ operation, status, seconds }: Parameters<Meter['requestEnded']>[0]): void {
    this.requests.observe({ operation, status }, seconds);
  }

  requestFailed(): void {
    this.failures.inc();
  }

  authenticationFailed(transport: Transport): void {
    this.strangers.inc({ transport });
  }

  limitReached(limit: string): void {
    this.refusals.inc({ limit });
  }

  turnedAway(transport: Transport): void {
    this.crowded.inc({ transport });
  }

  deliveryEnded(channel: string, outcome: string): void {
    this.deliveries.inc({ channel, outcome });
  }

  inboundMailEnded(outcome: string): void {
    this.inboundMails.inc({ outcome });
  }

  jobEnded({ queue, outcome, seconds }: Parameters<Meter['jobEnded']>[0]): void {
    this.jobs.observe({ queue, outcome }, seconds);
  }

  private counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] });
  }
}
