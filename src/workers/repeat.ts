import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../realtime/log';

/** Something that runs again and again until it is stopped. */
export interface Repetition {
  /** Runs as soon as possible, once more even if it is running now. */
  wake(): void;
  /** Waits for the run that is going. */
  stop(): Promise<void>;
}

export interface RepeatOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly log: Log;
  /** Returns "again" when there is more to do at once. What it throws is logged, and it runs again. */
  readonly run: () => Promise<'again' | 'done'>;
}

const LONGEST_WAIT_MS = 30_000;

/** Runs one after the other, never two at once, with a tenth of jitter: processes started together must not sweep together. */
export function repeat({ name, everyMs, log, run }: RepeatOptions): Repetition {
  let alarm = new AbortController();
  let isStopped = false;
  let failures = 0;

  const once = async (): Promise<'again' | 'done'> => {
    try {
      const result = await run();
      failures = 0;
      return result;
    } catch (error) {
      failures += 1;
      log.error({ err: error, task: name, failures }, 'a repeated task failed; it will be tried again');
      return 'done';
    }
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      // Before the run: a wake during it must not be forgotten.
      alarm = new AbortController();
      if ((await once()) === 'again') continue;
      const wait = failures === 0 ? everyMs : Math.min(everyMs * 2 ** Math.min(failures, 10), LONGEST_WAIT_MS);
      await delay(wait * (0.9 + Math.random() * 0.2), undefined, { signal: alarm.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  const wake = (): void => alarm.abort();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      wake();
      await ended;
    },
  };
}
