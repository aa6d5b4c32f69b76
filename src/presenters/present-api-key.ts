import { encodePublicId } from '../domain/public-id';
import type { ApiKey as ApiKeyRow } from '../entities/api-key';
import { ApiKey } from '../schema/api-key';

export function presentApiKey(row: ApiKeyRow): ApiKey {
  return Object.assign(new ApiKey(), {
    id: encodePublicId('apiKey', row.id),
    name: row.name,
    prefix: row.prefix,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    expiresAt: row.expiresAt,
    scopes: row.scopes,
    formerSecretExpiresAt: row.formerSecretExpiresAt,
    revokedAt: row.revokedAt,
    agentRef: row.agentId,
  });
}
