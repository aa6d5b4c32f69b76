import { Webhook } from 'standardwebhooks';

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Headers of the Standard Webhooks specification for one delivery. The key is made from the secret like this:
 * `whsec_` followed by valid base64 stands for the decoded bytes, as the specification has it; any other string
 * stands for its own UTF-8 bytes. The secret must not be empty.
 */
export function signWebhook(
  secret: string,
  delivery: { id: string; sentAt: Date; body: string },
): Record<string, string> {
  const signer = new Webhook(toSigningKey(secret), { format: 'raw' });
  return {
    'webhook-id': delivery.id,
    'webhook-timestamp': String(Math.floor(delivery.sentAt.getTime() / 1000)),
    'webhook-signature': signer.sign(delivery.id, delivery.sentAt, delivery.body),
  };
}

function toSigningKey(secret: string): Uint8Array {
  const encoded = secret.slice(PREFIX.length);
  const isStandard = secret.startsWith(PREFIX) && BASE64.test(encoded) && encoded.length % 4 === 0;
  // Given a string, the package keeps only the low byte of each UTF-16 unit: two different secrets could be one key.
  return isStandard ? Buffer.from(encoded, 'base64') : Buffer.from(secret, 'utf8');
}
