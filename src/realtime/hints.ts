import type { Signal } from './signals';

/**
 * Tells all processes "the log reached n", and carries signals. It may lose anything at any time: whoever listens looks
 * into the log by itself every few seconds. Publishing never throws and never waits. A process hears its own hints too.
 */
export interface HintBus {
  /** Waits up to 5 s for the connection, and goes on trying behind your back. Never fails. */
  start(): Promise<void>;
  publishLog(position: number): void;
  publishSignal(signal: Signal): void;
  /** Each `on…` returns what takes the listener off. */
  onLog(listener: (position: number) => void): () => void;
  onSignal(listener: (signal: Signal) => void): () => void;
  /** The connection was lost and is back: hints in between are gone. */
  onReconnect(listener: () => void): () => void;
  stop(): Promise<void>;
}
