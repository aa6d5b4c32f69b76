import type { DataSource } from 'typeorm';
import { serverSecret } from '../database/server-secrets';
import type { SecretBox } from '../domain/secrets';
import { StartError } from './run-root';

/**
 * A secret of the installation, made by its first process.
 *
 * @throws StartError when it is sealed with a key that this process does not have
 */
export async function sharedSecret(
  source: DataSource,
  box: SecretBox,
  name: string,
  make: () => string,
): Promise<string> {
  const stored = await serverSecret(source, box, name, make);
  if (stored !== null) return stored;
  throw new StartError(
    'BATON_SECRET_KEY must hold the key that the secrets in this database are sealed with, the same in all processes (README.md, "Secrets at rest").',
  );
}
