import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SERVER_OPERATOR } from '../../domain/audit';
import { done, notFound, type Outcome, refused } from '../../domain/refusal';
import { checkPassword } from '../../domain/validation/password';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { audit } from '../audit/audit';
import { setPassword } from '../session/set-password';
import type { Account } from './set-user-disabled';

/** Gives an account another password, for the person who runs the server: no principal. Every session and reset link ends. */
export async function replacePassword(
  database: Database,
  input: Account & { readonly password: string },
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<{ readonly endedSessions: number }>> {
  const invalid = checkPassword(input.password, 'password');
  if (invalid.length > 0) return refused(invalid);
  const passwordHash = await dependencies.passwords.hash(input.password);
  return transact(database, input, async (transaction) => {
    const user = await transaction.rows(User, input.workspaceId).lock({ id: input.id });
    if (user === null) return refused(notFound('user', 'id'));
    await audit(transaction, SERVER_OPERATOR, 'PASSWORD_CHANGED', user);
    return done({ endedSessions: await setPassword(transaction, user, passwordHash) });
  });
}
