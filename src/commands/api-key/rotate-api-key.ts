import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { checkOverlap, overlapEnd } from '../../domain/overlap';
import { done, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import { whenSet } from '../../domain/validation/patch';
import { ApiKey } from '../../entities/api-key';
import { hashToken, newApiKey } from '../../identity/tokens';
import { audit } from '../audit/audit';
import type { CreatedApiKey } from './create-api-key';
import { refuseBeyondScopes } from './refuse-beyond-scopes';

export interface RotateApiKey {
  readonly id: string;
  /** Seconds, 0 to 604,800; a day when left out. */
  readonly overlapSeconds?: number | null;
}

/**
 * Gives a key another secret. The former one works until the overlap is over, and the one before that no longer. Staff
 * only: to everybody else keys do not exist. CONFLICT: the key has ended, and a secret would not bring it back.
 */
export async function rotateApiKey(
  database: Database,
  principal: Principal,
  input: RotateApiKey,
): Promise<Outcome<CreatedApiKey>> {
  if (!isStaff(principal)) return refused(notFound('API key', 'id'));
  return transact(database, principal, async (transaction) => {
    const keys = transaction.rows(ApiKey, principal.workspaceId);
    const apiKey = await keys.lock({ id: input.id });
    if (apiKey === null) return refused(notFound('API key', 'id'));
    const beyond = refuseBeyondScopes(principal, apiKey, 'id');
    if (beyond !== null) return refused(beyond);
    const invalid = whenSet(input.overlapSeconds, checkOverlap, 'overlapSeconds');
    if (invalid.length > 0) return refused(invalid);
    const now = await transaction.now();
    if (apiKey.revokedAt !== null || (apiKey.expiresAt !== null && apiKey.expiresAt <= now)) {
      return refused(refusal('CONFLICT', 'This key has ended: make another one with createApiKey.', 'id'));
    }
    const { key } = newApiKey(apiKey.prefix);
    const end = overlapEnd(now, input.overlapSeconds);
    const change = {
      secretHash: hashToken(key),
      secretVersion: apiKey.secretVersion + 1,
      formerSecretHash: end === null ? null : apiKey.secretHash,
      formerSecretExpiresAt: end,
    };
    await keys.update({ id: apiKey.id }, change);
    await audit(transaction, principal, 'API_KEY_ROTATED', { ...apiKey, organizationId: null });
    return done({ apiKey: { ...apiKey, ...change }, secret: key });
  });
}
