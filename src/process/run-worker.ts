import type { Config } from '../config/config';
import { startCore } from './core';
import { createLogger } from './logger';
import { stopOnSignals } from './shutdown';
import { startWorker } from './start-worker';

/** Works behind the API until a signal comes. */
export async function runWorker(config: Config, databaseUrl: string): Promise<void> {
  const log = createLogger(config);
  const core = await startCore(config, log, databaseUrl);
  const worker = await startWorker(core);
  stopOnSignals(core, async () => {
    await worker.stop();
    await core.stop();
  });
  log.info('the worker is ready');
}
