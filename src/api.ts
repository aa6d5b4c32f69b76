import 'reflect-metadata';
import { publicUrlOf } from './config/public-url';
import { loadConfig } from './config/load-config';
import { startCore } from './process/core';
import { createLogger } from './process/logger';
import { requireDatabase } from './process/require-database';
import { runRoot } from './process/run-root';
import { stopOnSignals } from './process/shutdown';
import { startApi } from './process/start-api';

void runRoot(async () => {
  const config = loadConfig();
  const log = createLogger(config);
  const core = await startCore(config, log, await requireDatabase(config));
  const api = await startApi(core);
  stopOnSignals(log, async () => {
    await api.stop();
    await core.stop();
  });
  log.info({ url: `${publicUrlOf(config, api.port)}/graphql` }, 'the API is ready');
});
