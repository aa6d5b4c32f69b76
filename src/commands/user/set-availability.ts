import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, forbidden, type Outcome, refused } from '../../domain/refusal';
import { User } from '../../entities/user';

/** An operator's own choice to receive handoffs. It outlives the session: whoever left as unavailable comes back so. */
export async function setAvailability(
  database: Database,
  principal: Principal,
  input: { readonly available: boolean },
): Promise<Outcome<User>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can be available.'));
  return transact(database, principal, async (transaction) => {
    const users = transaction.rows(User, principal.workspaceId);
    const user = await users.lock({ id: principal.userId });
    if (user === null) throw new Error(`User ${principal.userId} of a session does not exist.`);
    const change = { available: input.available };
    await users.update({ id: user.id }, change);
    return done({ ...user, ...change });
  });
}
