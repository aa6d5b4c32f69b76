import type { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { serverSecret } from '../database/server-secrets';
import { generateVapidKeys, type VapidKeys } from '../delivery/push/push-keys';
import type { SecretBox } from '../domain/secrets';
import { StartError } from './run-root';

/**
 * The keys of the environment, else those that the first process of this installation made.
 *
 * @throws StartError when those are sealed with a key that this process does not have
 */
export async function vapidKeysOf(config: Config, source: DataSource, box: SecretBox): Promise<VapidKeys> {
  if (config.push.keys !== null) return { ...config.push.keys };
  const stored = await serverSecret(source, box, 'vapid', () => JSON.stringify(generateVapidKeys()));
  if (stored !== null) return JSON.parse(stored) as VapidKeys;
  throw new StartError(
    'BATON_SECRET_KEY must hold the key that the secrets in this database are sealed with, the same in all processes (README.md, "Secrets at rest").',
  );
}
