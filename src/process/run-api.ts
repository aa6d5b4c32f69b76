import type { Config } from '../config/config';
import { publicUrlOf } from '../config/public-url';
import { startCore } from './core';
import { createLogger } from './logger';
import { stopOnSignals } from './shutdown';
import { startApi } from './start-api';

/** Serves the API until a signal comes. */
export async function runApi(config: Config, databaseUrl: string): Promise<void> {
  const log = createLogger(config);
  const core = await startCore(config, log, databaseUrl);
  const api = await startApi(core);
  stopOnSignals(core, async () => {
    await api.stop();
    await core.stop();
  });
  log.info({ url: `${publicUrlOf(config, api.port)}/graphql` }, 'the API is ready');
}
