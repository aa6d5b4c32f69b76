import { Redis } from 'ioredis';
import { StartError } from './run-root';

const CONNECT_MS = 5000;

/**
 * Asks Redis once, where there is one. Later outages are ridden out, which is why nothing else would notice an address
 * that was wrong from the beginning: hints and jobs would just be slow for ever.
 *
 * @throws StartError within 6 s
 */
export async function requireRedis(url: string | null): Promise<void> {
  if (url === null) return;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // From the handshake on: a port that takes connections and says nothing.
    commandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason: unknown;
  client.on('error', (error) => (reason ??= error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw new StartError(
      `REDIS_URL leads to no Redis that answers (${causeOf(reason ?? error)}): check host, port and password.`,
      { cause: error },
    );
  } finally {
    client.disconnect();
  }
}

function causeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // Redis's own refusals begin with a word such as WRONGPASS.
  return typeof code === 'string' ? code : (/^[A-Z]{4,}/.exec(String(message))?.[0] ?? 'no answer');
}
