import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SERVER_OPERATOR } from '../../domain/audit';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { endSessions } from './end-sessions';

/** Signs an account out everywhere, for the person who runs the server: no principal. */
export async function endAllSessions(
  database: Database,
  input: { readonly workspaceId: string; readonly id: string },
): Promise<Outcome<{ readonly endedSessions: number }>> {
  return transact(database, input, async (transaction) => {
    const user = await transaction.rows(User, input.workspaceId).lock({ id: input.id });
    if (user === null) return refused(notFound('user', 'id'));
    const endedSessions = await endSessions(transaction, user, await transaction.now());
    if (endedSessions > 0) await audit(transaction, SERVER_OPERATOR, 'SESSIONS_ENDED', user);
    return done({ endedSessions });
  });
}
