import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitRule } from '../config/limit-rules';
import { isAbout, type LimitCall, limitKeyOf } from './limit-call';
import { type LimitLog, type LimitStore, openLimitStore } from './limit-stores';

/** Which limit a call is over, and when it may come again. */
export interface LimitReached {
  readonly name: string;
  /** Above zero. */
  readonly retryAfterMs: number;
}

export interface RateLimits {
  /** Counts the call; null lets it pass. Never throws: a limiter that is down refuses nobody. */
  reached(call: LimitCall): Promise<LimitReached | null>;
  stop(): Promise<void>;
}

export interface RateLimitsOptions {
  readonly rules: readonly LimitRule[];
  /** Null: they are counted in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly log: LimitLog;
}

/** A store that failed is left alone so long: without it, each request of an outage would wait for it in vain. */
const AWAY_MS = 2000;

/** Opens the store that all processes share, unless no rule needs one. */
export async function createRateLimits(options: RateLimitsOptions): Promise<RateLimits> {
  const { rules, log } = options;
  log.debug({ limits: rules.map(describeRule) }, rules.length === 0 ? 'nothing is limited' : 'limits');
  const store = rules.some((rule) => rule.isShared) ? openLimitStore(options) : null;
  await store?.ready();
  return new CountedLimits(rules, store, log);
}

const describeRule = ({ name, points, seconds }: LimitRule): string => `${name}=${points}/${seconds}`;

class CountedLimits implements RateLimits {
  private readonly counters: readonly Counter[];
  private awayUntil = 0;
  private isAway = false;

  constructor(
    rules: readonly LimitRule[],
    private readonly store: LimitStore | null,
    private readonly log: LimitLog,
  ) {
    this.counters = rules.map((rule) => ({
      rule,
      shared: rule.isShared && store !== null ? store.open(rule) : null,
      own: new RateLimiterMemory({ points: rule.points, duration: rule.seconds }),
    }));
  }

  async reached(call: LimitCall): Promise<LimitReached | null> {
    for (const counter of this.counters) {
      if (!isAbout(counter.rule, call)) continue;
      const count = await this.count(counter, call);
      if (count !== null) return { name: counter.rule.name, retryAfterMs: Math.max(1, count.msBeforeNext) };
    }
    return null;
  }

  async stop(): Promise<void> {
    await this.store?.close();
  }

  /** What refuses the call, or null. */
  private async count({ rule, shared, own }: Counter, call: LimitCall): Promise<RateLimiterRes | null> {
    try {
      const key = await limitKeyOf(rule, call);
      if (key === null) return null;
      const isAsked = shared !== null && Date.now() >= this.awayUntil;
      return isAsked ? await this.countTogether(shared, own, key) : await refusalOf(own, key);
    } catch (error) {
      this.log.warn({ err: error, limit: rule.name }, 'a limit could not be looked up');
      return null;
    }
  }

  /** With the other processes, and alone when that fails. */
  private async countTogether(
    shared: RateLimiterAbstract,
    own: RateLimiterMemory,
    key: string,
  ): Promise<RateLimiterRes | null> {
    try {
      const refusal = await refusalOf(shared, key);
      this.isAway = false;
      return refusal;
    } catch (error) {
      if (!this.isAway)
        this.log.warn({ err: error }, 'the limits cannot be counted together: this process counts alone');
      this.isAway = true;
      this.awayUntil = Date.now() + AWAY_MS;
      return refusalOf(own, key);
    }
  }
}

/** Throws what is wrong with the store. */
async function refusalOf(limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error;
  }
}

interface Counter {
  readonly rule: LimitRule;
  readonly shared: RateLimiterAbstract | null;
  /** Counts for a rule that is not shared, and for the others while the store is away. */
  readonly own: RateLimiterMemory;
}
