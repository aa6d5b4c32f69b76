import type { Config } from './config';
import { ConfigError, readConfig } from './read-config';

/** The configuration of this process. On a wrong variable: one line on stderr and exit code 1, before anything starts. */
export function loadConfig(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`Baton cannot start: ${error.message}\n`);
    process.exit(1);
  }
}
