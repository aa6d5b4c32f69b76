import type { Core } from './core';

export interface RunningWorker {
  stop(): Promise<void>;
}

/** Placeholder until the workers are wired. */
export function startWorker(_core: Core): Promise<RunningWorker> {
  return Promise.resolve({ stop: () => Promise.resolve() });
}
