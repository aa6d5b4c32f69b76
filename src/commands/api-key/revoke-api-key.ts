import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { type AuditActor, SERVER_OPERATOR } from '../../domain/audit';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { ApiKey } from '../../entities/api-key';
import { accessEnded } from '../session/access-events';
import { audit } from '../audit/audit';

/** Ends a key for good. Staff only: to everybody else keys do not exist. Revoking it again changes nothing. */
export async function revokeApiKey(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<ApiKey>> {
  if (!isStaff(principal)) return refused(notFound('API key', 'id'));
  return withdraw(database, principal, { workspaceId: principal.workspaceId, id: input.id });
}

/** The same for the person who runs the server: no principal. */
export async function withdrawApiKey(database: Database, input: KeyRef): Promise<Outcome<ApiKey>> {
  return withdraw(database, SERVER_OPERATOR, input);
}

interface KeyRef {
  readonly workspaceId: string;
  readonly id: string;
}

async function withdraw(database: Database, actor: AuditActor, input: KeyRef): Promise<Outcome<ApiKey>> {
  return transact(database, input, async (transaction) => {
    const keys = transaction.rows(ApiKey, input.workspaceId);
    const apiKey = await keys.lock({ id: input.id });
    if (apiKey === null) return refused(notFound('API key', 'id'));
    if (apiKey.revokedAt !== null) return done(apiKey);
    const change = { revokedAt: await transaction.now() };
    await keys.update({ id: apiKey.id }, change);
    transaction.append(accessEnded(apiKey.workspaceId, apiKey.id));
    await audit(transaction, actor, 'API_KEY_REVOKED', { ...apiKey, organizationId: null });
    return done({ ...apiKey, ...change });
  });
}
