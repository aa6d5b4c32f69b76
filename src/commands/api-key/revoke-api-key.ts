import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { ApiKey } from '../../entities/api-key';
import { accessEnded } from '../session/access-events';

/** Ends a key for good. Staff only: to everybody else keys do not exist. Revoking it again changes nothing. */
export async function revokeApiKey(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<ApiKey>> {
  if (!isStaff(principal)) return refused(notFound('API key', 'id'));
  return withdrawApiKey(database, { workspaceId: principal.workspaceId, id: input.id });
}

/** The same for the person who runs the server: no principal. */
export async function withdrawApiKey(
  database: Database,
  input: { readonly workspaceId: string; readonly id: string },
): Promise<Outcome<ApiKey>> {
  return transact(database, input, async (transaction) => {
    const keys = transaction.rows(ApiKey, input.workspaceId);
    const apiKey = await keys.lock({ id: input.id });
    if (apiKey === null) return refused(notFound('API key', 'id'));
    if (apiKey.revokedAt !== null) return done(apiKey);
    const change = { revokedAt: await transaction.now() };
    await keys.update({ id: apiKey.id }, change);
    transaction.append(accessEnded(apiKey.workspaceId, apiKey.id));
    return done({ ...apiKey, ...change });
  });
}
