import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { ApiKey } from '../../entities/api-key';
import { audit } from '../audit/audit';

/** Ends a key for good. Staff only: to everybody else keys do not exist. Revoking it again changes nothing. */
export async function revokeApiKey(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<ApiKey>> {
  if (!isStaff(principal)) return refused(notFound('API key', 'id'));
  return transact(database, principal, async (transaction) => {
    const keys = transaction.rows(ApiKey, principal.workspaceId);
    const apiKey = await keys.lock({ id: input.id });
    if (apiKey === null) return refused(notFound('API key', 'id'));
    if (apiKey.revokedAt !== null) return done(apiKey);
    const change = { revokedAt: await transaction.now() };
    await keys.update({ id: apiKey.id }, change);
    await audit(transaction, principal, 'API_KEY_REVOKED', { ...apiKey, organizationId: null });
    return done({ ...apiKey, ...change });
  });
}
