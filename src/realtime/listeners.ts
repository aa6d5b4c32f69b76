import type { Log } from './log';

/** A list of callbacks, in which one that throws harms neither the others nor the caller. */
export class Listeners<Value> {
  private readonly listeners = new Set<(value: Value) => void>();

  constructor(
    private readonly name: string,
    private readonly log: Log,
  ) {}

  /** Returns what takes the listener off again. */
  add(listener: (value: Value) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(value: Value): void {
    for (const listener of this.listeners) {
      try {
        listener(value);
      } catch (error) {
        this.log.error({ err: error, listener: this.name }, 'a realtime listener threw');
      }
    }
  }
}
