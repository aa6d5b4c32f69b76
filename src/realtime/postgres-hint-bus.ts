import { setTimeout as delay } from 'node:timers/promises';
import { Client, type Notification } from 'pg';
import { decodeLogHint, decodeSignal, encodeLogHint, encodeSignal } from './hint-codec';
import { type HintBatch, HintSender } from './hint-sender';
import type { HintBus } from './hints';
import { Listeners } from './listeners';
import type { Log } from './log';
import { backoff } from './retry';
import type { Signal } from './signals';

const LOG_CHANNEL = 'baton_log';
const SIGNAL_CHANNEL = 'baton_signal';
const START_WAIT_MS = 5000;
/** A connection that a firewall forgot says nothing for ever: only a question shows that nobody is there. */
const HEARTBEAT_MS = 15_000;

/** Hints over LISTEN and NOTIFY, on one connection of its own. */
export function createPostgresHintBus(options: { databaseUrl: string; log: Log }): HintBus {
  return new PostgresHintBus(options.databaseUrl, options.log);
}

class PostgresHintBus implements HintBus {
  private readonly logHints = new Listeners<number>('log hint', this.log);
  private readonly signals = new Listeners<Signal>('signal', this.log);
  private readonly reconnects = new Listeners<undefined>('reconnect', this.log);
  private readonly stopping = new AbortController();
  private readonly sender: HintSender;
  private client: Client | null = null;
  private loop: Promise<void> | null = null;
  private published = 0;
  private wasConnected = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly log: Log,
  ) {
    this.sender = new HintSender({ isReady: () => this.client !== null, send: (batch) => this.send(batch) }, log);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, START_WAIT_MS);
      const go = (): void => {
        clearTimeout(giveUp);
        resolve();
      };
      // Also when it is stopped before it ever was connected.
      this.loop ??= this.stayConnected(go).finally(go);
    });
  }

  publishLog(position: number): void {
    this.sender.publishLog(position);
  }

  publishSignal(signal: Signal): void {
    this.sender.publishSignal(signal);
  }

  onLog(listener: (position: number) => void): () => void {
    return this.logHints.add(listener);
  }

  onSignal(listener: (signal: Signal) => void): () => void {
    return this.signals.add(listener);
  }

  onReconnect(listener: () => void): () => void {
    return this.reconnects.add(listener);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async stayConnected(onFirst: () => void): Promise<void> {
    for (let attempt = 1; !this.isStopping(); attempt += 1) {
      try {
        await this.holdConnection(() => {
          attempt = 0;
          onFirst();
        });
      } catch (error) {
        this.log.warn({ err: error }, 'the connection for hints is gone; trying again');
      }
      await this.pause(backoff(attempt + 1, 100, 5000));
    }
  }

  /** Resolves when the bus is stopped and rejects when the connection ends. */
  private async holdConnection(onConnected: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'baton-hints',
      connectionTimeoutMillis: 5000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const end = untilEnd(client);
    // Without a handler of its own it would be "unhandled" while the connection is still being made.
    end.catch(() => undefined);
    client.on('notification', (notification) => this.receive(notification));
    try {
      await client.connect();
      await client.query(`listen ${LOG_CHANNEL}; listen ${SIGNAL_CHANNEL}`);
      this.client = client;
      onConnected();
      if (this.wasConnected) this.reconnects.emit(undefined);
      this.wasConnected = true;
      this.sender.flush();
      await Promise.race([end, this.heartbeat(client)]);
    } finally {
      this.client = null;
      // Not awaited: on a dead connection it waits for a farewell that never comes.
      client
        .end()
        .catch((error: unknown) => this.log.warn({ err: error }, 'a connection for hints did not close well'));
    }
  }

  private async heartbeat(client: Client): Promise<void> {
    while (!this.isStopping()) {
      await this.pause(HEARTBEAT_MS);
      if (!this.isStopping()) await client.query('select 1');
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Cut short by `stop`. */
  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private receive(notification: Notification): void {
    const payload = parseJson(notification.payload ?? '');
    if (notification.channel === LOG_CHANNEL) {
      const position = decodeLogHint(payload);
      if (position !== null) this.logHints.emit(position);
    } else {
      const signal = decodeSignal(payload);
      if (signal !== null) this.signals.emit(signal);
    }
  }

  /** One statement a batch: each commit with a notification takes a lock that all of PostgreSQL shares. */
  private async send(batch: HintBatch): Promise<void> {
    const hints: [channel: string, payload: object][] = batch.signals.map((signal) => [
      SIGNAL_CHANNEL,
      encodeSignal(signal),
    ]);
    if (batch.position !== null) hints.push([LOG_CHANNEL, encodeLogHint(batch.position)]);
    await this.client?.query(
      `select pg_notify(hint.channel, hint.payload)
       from unnest($1::text[], $2::text[]) with ordinality as hint (channel, payload, n) order by hint.n`,
      [hints.map(([channel]) => channel), hints.map(([, payload]) => this.distinct(payload))],
    );
  }

  /** PostgreSQL drops a notification equal to one of the same transaction: of two deltas " a", " a" one would be lost. */
  private distinct(payload: object): string {
    this.published += 1;
    return JSON.stringify({ ...payload, n: this.published });
  }
}

function untilEnd(client: Client): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('error', reject);
    client.once('end', () => reject(new Error('PostgreSQL closed the connection.')));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Anybody who may connect can notify: what is not JSON is not for us.
    return null;
  }
}
