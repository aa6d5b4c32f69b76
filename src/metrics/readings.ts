import { setTimeout as delay } from 'node:timers/promises';
import { Counter, type Gauge, type Registry } from 'prom-client';

/** Longer than any of them takes when all is well; Prometheus itself gives up after 10 s. */
const PATIENCE_MS = 2000;

/** One source of figures, asked at each scrape. */
interface Reading {
  readonly source: string;
  readonly gauges: readonly Gauge[];
  /** Reads, and sets the gauges. */
  readonly take: () => Promise<void>;
  /** Still going from an earlier scrape: it is not begun a second time, or scrapes would fill the pool. */
  pending: Promise<void> | null;
  isFailing: boolean;
}

/** What this folder needs of a logger. A pino logger is one. */
export interface MetricsLog {
  warn(fields: object, message: string): void;
}

/** Figures that are read when they are asked for. What cannot be read is left out: an old number would look like health. */
export class Readings {
  private readonly readings: Reading[] = [];
  private readonly failures: Counter<'source'>;

  constructor(
    registry: Registry,
    private readonly log: MetricsLog,
  ) {
    this.failures = new Counter({
      name: 'baton_scrape_failures_total',
      help: 'Figures that could not be read when they were asked for',
      labelNames: ['source'],
      registers: [registry],
    });
  }

  add<Figures>(
    source: string,
    gauges: readonly Gauge[],
    read: () => Figures | Promise<Figures>,
    set: (figures: Figures) => void,
  ): void {
    this.readings.push({ source, gauges, take: async () => set(await read()), pending: null, isFailing: false });
  }

  async refresh(): Promise<void> {
    await Promise.all(this.readings.map((reading) => this.take(reading)));
  }

  private async take(reading: Reading): Promise<void> {
    reading.pending ??= reading.take().finally(() => {
      reading.pending = null;
    });
    const isLate = new AbortController();
    const late = delay(PATIENCE_MS, undefined, { signal: isLate.signal, ref: false }).then(() => {
      throw new Error(`The figures of ${reading.source} were not there after ${PATIENCE_MS} ms.`);
    });
    // The loser of the race still needs somebody who looks at its end.
    late.catch(() => undefined);
    reading.pending.catch(() => undefined);
    try {
      await Promise.race([reading.pending, late]);
      reading.isFailing = false;
    } catch (error) {
      // Once: scrapes go on every few seconds, and the counter tells how many failed.
      if (!reading.isFailing) this.log.warn({ err: error, source: reading.source }, 'figures could not be read');
      reading.isFailing = true;
      this.failures.inc({ source: reading.source });
      for (const gauge of reading.gauges) forget(gauge);
    } finally {
      isLate.abort();
    }
  }
}

/** No line for it in this scrape. `reset` alone would say 0 where there are no labels. */
function forget(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}
