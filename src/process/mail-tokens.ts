import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { MailTokens } from '../domain/mail-token';
import type { SecretBox } from '../domain/secrets';
import { createMailTokens } from '../identity/mail-tokens';
import { sharedSecret } from './shared-secret';

/** The API hashes these tokens and the workers mail them: both make them of the installation's one secret. */
export async function mailTokensOf(source: DataSource, box: SecretBox): Promise<MailTokens> {
  return createMailTokens(await mailSecretOf(source, box));
}

/** What every token in a mail is made of. */
export function mailSecretOf(source: DataSource, box: SecretBox): Promise<string> {
  return sharedSecret(source, box, 'mail-tokens', () => randomBytes(32).toString('base64url'));
}
