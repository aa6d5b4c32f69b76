import type { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { serverSecret } from '../database/server-secrets';
import { generateVapidKeys, type VapidKeys } from '../delivery/push/push-keys';

/** The keys of the environment, else those that the first process of this installation made. */
export async function vapidKeysOf(config: Config, source: DataSource): Promise<VapidKeys> {
  if (config.push.keys !== null) return { ...config.push.keys };
  return JSON.parse(await serverSecret(source, 'vapid', () => JSON.stringify(generateVapidKeys()))) as VapidKeys;
}
