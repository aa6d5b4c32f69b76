import type { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { generateVapidKeys, type VapidKeys } from '../delivery/push/push-keys';
import type { SecretBox } from '../domain/secrets';
import { sharedSecret } from './shared-secret';

/** The keys of the environment, else those that the first process of this installation made. */
export async function vapidKeysOf(config: Config, source: DataSource, box: SecretBox): Promise<VapidKeys> {
  if (config.push.keys !== null) return { ...config.push.keys };
  return JSON.parse(await sharedSecret(source, box, 'vapid', () => JSON.stringify(generateVapidKeys()))) as VapidKeys;
}
