import type { Config } from '../config/config';
import { StartError } from './run-root';

/** For the roots that run beside each other: the embedded PostgreSQL belongs to `npm start` alone. */
export function requireDatabaseUrl(config: Config): string {
  if (config.database.url !== null) return config.database.url;
  throw new StartError(
    'DATABASE_URL is missing: separate processes need a PostgreSQL of their own. Or use `npm start`.',
  );
}
