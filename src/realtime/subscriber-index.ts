/** Subscribers by key, so that an event costs only its own subscribers. */
export class SubscriberIndex<Subscriber> {
  private readonly byKey = new Map<string, Set<Subscriber>>();

  /** Returns what takes the subscriber off again. */
  add(key: string, subscriber: Subscriber): () => void {
    const subscribers = this.byKey.get(key) ?? new Set();
    this.byKey.set(key, subscribers);
    subscribers.add(subscriber);
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.byKey.get(key) === subscribers) this.byKey.delete(key);
    };
  }

  of(key: string): ReadonlySet<Subscriber> {
    return this.byKey.get(key) ?? none;
  }

  all(): Subscriber[] {
    return [...new Set([...this.byKey.values()].flatMap((subscribers) => [...subscribers]))];
  }

  /** How many keys somebody listens to. */
  get size(): number {
    return this.byKey.size;
  }
}

const none: ReadonlySet<never> = new Set<never>();
