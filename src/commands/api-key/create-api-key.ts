import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { done, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import { checkName } from '../../domain/validation/name';
import { Agent } from '../../entities/agent';
import { ApiKey } from '../../entities/api-key';
import { hashToken, newApiKey } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { refuseUnlessStaff } from '../organization/refuse-unless-staff';

export interface CreateApiKey {
  readonly workspaceId: string;
  readonly name: string;
  /** The key is then the AI runtime of this agent and nothing else; without it, staff. */
  readonly agentId?: string | null;
  readonly expiresAt?: Date | null;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  /** The whole key. It exists here and nowhere else. */
  readonly secret: string;
}

/** Makes a server-to-server credential. Staff only. */
export async function createApiKey(
  database: Database,
  principal: Principal,
  input: CreateApiKey,
): Promise<Outcome<CreatedApiKey>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  return transact(database, principal, async (transaction) => {
    const now = await transaction.now();
    const agentId = input.agentId ?? null;
    if (agentId !== null && (await transaction.rows(Agent, input.workspaceId).find({ id: agentId })) === null) {
      return refused(notFound('agent', 'agentId'));
    }
    const invalid = checkName(input.name, 'name');
    const expiresAt = input.expiresAt ?? null;
    if (expiresAt !== null && expiresAt <= now)
      invalid.push(refusal('INVALID', 'This must lie in the future.', 'expiresAt'));
    if (invalid.length > 0) return refused(invalid);
    const { prefix, key } = newApiKey();
    const apiKey = await transaction.rows(ApiKey, input.workspaceId).insert({
      id: newId(),
      agentId,
      name: input.name.trim(),
      prefix,
      secretHash: hashToken(key),
      createdAt: now,
      lastUsedAt: null,
      expiresAt,
      revokedAt: null,
    });
    const changes = changesOf({}, { name: apiKey.name, agentId, expiresAt });
    await audit(transaction, principal, 'API_KEY_CREATED', { ...apiKey, organizationId: null }, changes);
    return done({ apiKey, secret: key });
  });
}
