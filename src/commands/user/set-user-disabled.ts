import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SERVER_OPERATOR } from '../../domain/audit';
import { done, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { endSessions } from '../session/end-sessions';
import { isLastOwner } from './last-owner';

/** Names one account: the caller has found out which workspace it belongs to. */
export interface Account {
  readonly workspaceId: string;
  readonly id: string;
}

/**
 * Lets an account in or keeps it out, for the person who runs the server: no principal. Disabling ends every session.
 * CONFLICT: the last owner stays, or nobody could let anybody in again. Doing it twice changes nothing.
 */
export async function setUserDisabled(
  database: Database,
  input: Account & { readonly disabled: boolean },
): Promise<Outcome<{ readonly endedSessions: number }>> {
  return transact(database, input, async (transaction) => {
    await lockWorkspace(transaction, input.workspaceId);
    const users = transaction.rows(User, input.workspaceId);
    const user = await users.lock({ id: input.id });
    if (user === null) return refused(notFound('user', 'id'));
    if (input.disabled && (await isLastOwner(transaction, user))) {
      return refused(refusal('CONFLICT', 'This is the last owner of the workspace. Make another owner first.', 'id'));
    }
    const now = await transaction.now();
    await users.update({ id: user.id }, { disabledAt: input.disabled ? (user.disabledAt ?? now) : null });
    if (input.disabled !== (user.disabledAt !== null)) {
      await audit(transaction, SERVER_OPERATOR, input.disabled ? 'USER_DISABLED' : 'USER_ENABLED', user);
    }
    return done({ endedSessions: input.disabled ? await endSessions(transaction, user, now) : 0 });
  });
}
