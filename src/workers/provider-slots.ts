/** Nothing was tried: too many of the workers' slots are taken by the same provider. */
export class ProviderBusy extends Error {
  override readonly name = 'ProviderBusy';

  constructor(readonly delayMs: number) {
    super('It waits: others to the same provider are on their way.');
  }
}

export interface ProviderSlotsOptions {
  /** Jobs that run at the same time. */
  readonly concurrency: number;
  /** In milliseconds, always growing. */
  readonly now?: () => number;
  readonly random?: () => number;
}

interface Provider {
  /** When each that is on its way has begun. */
  readonly running: Set<{ readonly begun: number }>;
  /** The last one took long: it was no exception until another one is quick. */
  wasSlow: boolean;
  /** How many were turned away since one was quick. */
  turnedAway: number;
}

/** An answer takes 0.2 s; a provider that takes this long is in trouble, and so is whoever waits behind it. */
const SLOW_MS = 3000;
const SHORT_WAIT_MS = 250;
const LONG_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 60_000;
const MAX_IDLE = 1000;

/**
 * Keeps one provider (a push service, the mail server) from taking every slot of the workers: one that does not answer
 * would delay everybody else's mail by its timeout, again and again. A quick one may take half of the slots, a slow one
 * an eighth, all slow ones together half. Whoever is turned away comes back later and leaves its slot to others.
 */
export class ProviderSlots {
  private readonly providers = new Map<string, Provider>();
  private readonly most: { readonly quick: number; readonly slow: number };
  private readonly now: () => number;
  private readonly random: () => number;

  constructor({ concurrency, now = () => performance.now(), random = Math.random }: ProviderSlotsOptions) {
    this.most = { quick: Math.max(1, Math.floor(concurrency / 2)), slow: Math.max(1, Math.floor(concurrency / 8)) };
    this.now = now;
    this.random = random;
  }

  /** Runs `work` in a slot of the provider. Throws ProviderBusy, without having run it, when there is none. */
  async through<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const provider = this.providerOf(name);
    if (!this.hasRoom(provider)) {
      provider.turnedAway += 1;
      throw new ProviderBusy(this.waitOf(provider));
    }
    const one = { begun: this.now() };
    provider.running.add(one);
    try {
      return await work();
    } finally {
      provider.running.delete(one);
      provider.wasSlow = this.isLong(one);
      if (!provider.wasSlow) provider.turnedAway = 0;
    }
  }

  private hasRoom(provider: Provider): boolean {
    const { running } = provider;
    if (!this.isSlow(provider)) return running.size < this.most.quick;
    const stuck = [...this.providers.values()].reduce((sum, each) => sum + this.stuckOf(each), 0);
    return running.size < this.most.slow && stuck < this.most.quick;
  }

  private isSlow(provider: Provider): boolean {
    return provider.wasSlow || this.stuckOf(provider) > 0;
  }

  private stuckOf({ running }: Provider): number {
    return [...running].filter((one) => this.isLong(one)).length;
  }

  private isLong({ begun }: { readonly begun: number }): boolean {
    return this.now() - begun >= SLOW_MS;
  }

  /** The more wait for a slow one, the longer each: a thousand then ask the database 17 times a second, not 200. */
  private waitOf(provider: Provider): number {
    const wait = this.isSlow(provider)
      ? Math.min(LONG_WAIT_MS + provider.turnedAway * 60, LONGEST_WAIT_MS)
      : SHORT_WAIT_MS;
    return Math.round(wait * (1 + this.random()));
  }

  private providerOf(name: string): Provider {
    const known = this.providers.get(name);
    if (known !== undefined) return known;
    if (this.providers.size >= MAX_IDLE) this.forgetIdle();
    const provider: Provider = { running: new Set(), wasSlow: false, turnedAway: 0 };
    this.providers.set(name, provider);
    return provider;
  }

  private forgetIdle(): void {
    for (const [name, { running }] of this.providers) if (running.size === 0) this.providers.delete(name);
  }
}
