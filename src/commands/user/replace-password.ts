import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { checkPassword } from '../../domain/validation/password';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { endSessions } from '../session/end-sessions';
import type { Account } from './set-user-disabled';

/** Gives an account another password, for the person who runs the server: no principal. Every session ends. */
export async function replacePassword(
  database: Database,
  input: Account & { readonly password: string },
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<{ readonly endedSessions: number }>> {
  const invalid = checkPassword(input.password, 'password');
  if (invalid.length > 0) return refused(invalid);
  const passwordHash = await dependencies.passwords.hash(input.password);
  return transact(database, async (transaction) => {
    const users = transaction.rows(User, input.workspaceId);
    const user = await users.lock({ id: input.id });
    if (user === null) return refused(notFound('user', 'id'));
    await users.update({ id: user.id }, { passwordHash });
    return done({ endedSessions: await endSessions(transaction, user, await transaction.now()) });
  });
}
