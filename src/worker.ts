import 'reflect-metadata';
import { loadConfig } from './config/load-config';
import { startCore } from './process/core';
import { createLogger } from './process/logger';
import { requireDatabase } from './process/require-database';
import { runRoot } from './process/run-root';
import { stopOnSignals } from './process/shutdown';
import { startWorker } from './process/start-worker';

void runRoot(async () => {
  const config = loadConfig();
  const log = createLogger(config);
  const core = await startCore(config, log, await requireDatabase(config));
  const worker = await startWorker(core);
  stopOnSignals(log, async () => {
    await worker.stop();
    await core.stop();
  });
  log.info('the worker is ready');
});
