import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { decodeLogHint, decodeSignal, encodeLogHint, encodeSignal } from './hint-codec';
import { type HintBatch, HintSender } from './hint-sender';
import type { HintBus } from './hints';
import { Listeners } from './listeners';
import type { Log } from './log';
import { backoff } from './retry';
import type { Signal } from './signals';

const LOG_CHANNEL = 'baton:log';
const SIGNAL_CHANNEL = 'baton:signal';
const START_WAIT_MS = 5000;

/** Hints over Redis publish and subscribe. Nothing is stored there: emptying Redis changes nothing. */
export function createRedisHintBus(options: { redisUrl: string; log: Log }): HintBus {
  return new RedisHintBus(options.redisUrl, options.log);
}

class RedisHintBus implements HintBus {
  private readonly logHints = new Listeners<number>('log hint', this.log);
  private readonly signals = new Listeners<Signal>('signal', this.log);
  private readonly reconnects = new Listeners<undefined>('reconnect', this.log);
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private readonly pubSub: RedisPubSub;
  private readonly sender: HintSender;
  private isSubscribed = false;
  private isStopped = false;
  /** Lets `start` return: connected, or stopped before it ever was. */
  private endStart = (): void => undefined;

  constructor(
    redisUrl: string,
    private readonly log: Log,
  ) {
    // After `disconnect` the client holds the process for the last of these, in milliseconds; its default is 2 s.
    const connection = {
      lazyConnect: true,
      connectTimeout: 5000,
      keepAlive: 10_000,
      retryStrategy,
      disconnectTimeout: 200,
    };
    // A publish that waits in a queue for Redis would tell old news: it fails at once instead.
    this.publisher = new Redis(redisUrl, { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    this.subscriber = new Redis(redisUrl, { ...connection, maxRetriesPerRequest: null, autoResubscribe: false });
    this.pubSub = new RedisPubSub({ publisher: this.publisher, subscriber: this.subscriber });
    const isReady = (): boolean => this.publisher.status === 'ready';
    this.sender = new HintSender({ isReady, send: (batch) => this.send(batch) }, log);
    this.reportErrors(this.publisher, 'publisher');
    this.reportErrors(this.subscriber, 'subscriber');
    this.publisher.on('ready', () => this.sender.flush());
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, START_WAIT_MS);
      this.endStart = () => {
        clearTimeout(giveUp);
        resolve();
      };
      // Only here: a SUBSCRIBE before `ready` is lost when the connection's own check fails.
      this.subscriber.on('ready', () => void this.subscribe());
      for (const client of [this.publisher, this.subscriber]) {
        // Reported by the 'error' event, and tried again by the client itself.
        client.connect().catch(() => undefined);
      }
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
    this.isStopped = true;
    this.publisher.disconnect();
    this.subscriber.disconnect();
    this.endStart();
    await Promise.resolve();
  }

  /** On every `ready`. Not left to the client's own resubscription: when that fails, nobody handles its rejection. */
  private async subscribe(): Promise<void> {
    try {
      if (this.isSubscribed) {
        await this.subscriber.subscribe(LOG_CHANNEL, SIGNAL_CHANNEL);
        this.reconnects.emit(undefined);
        return;
      }
      await Promise.all([
        ...this.listen(LOG_CHANNEL, (payload) => {
          const position = decodeLogHint(payload);
          if (position !== null) this.logHints.emit(position);
        }),
        ...this.listen(SIGNAL_CHANNEL, (payload) => {
          const signal = decodeSignal(payload);
          if (signal !== null) this.signals.emit(signal);
        }),
      ]);
      this.isSubscribed = true;
      this.endStart();
    } catch (error) {
      if (this.isStopped) return;
      this.log.warn({ err: error }, 'Redis refused the subscription to hints; trying again');
      this.subscriber.disconnect(true);
    }
  }

  /**
   * Twice, because of a promise inside the package that rejects when SUBSCRIBE fails: it is handled only where a second
   * subscriber waits for the first, and unhandled it would end the process.
   */
  private listen(channel: string, listener: (payload: unknown) => void): Promise<number>[] {
    return [this.pubSub.subscribe(channel, listener), this.pubSub.subscribe(channel, () => undefined)];
  }

  private async send(batch: HintBatch): Promise<void> {
    const hints = batch.signals.map((signal) => this.pubSub.publish(SIGNAL_CHANNEL, encodeSignal(signal)));
    if (batch.position !== null) hints.push(this.pubSub.publish(LOG_CHANNEL, encodeLogHint(batch.position)));
    // All, and not race: every rejection needs somebody who looks at it.
    const results = await Promise.allSettled(hints);
    for (const result of results) {
      if (result.status === 'rejected') throw new Error('Redis did not take a hint.', { cause: result.reason });
    }
  }

  /** One line for an outage: the client reports each attempt to reconnect. */
  private reportErrors(client: Redis, role: string): void {
    let isReported = false;
    client.on('error', (error: Error) => {
      if (!isReported) this.log.warn({ err: error, role }, 'the Redis connection for hints is gone; trying again');
      isReported = true;
    });
    client.on('ready', () => {
      isReported = false;
    });
  }
}

function retryStrategy(attempt: number): number {
  return backoff(attempt, 50, 2000);
}
