import type { Database } from '../../database/database';
import { read, SERVER } from '../../database/scope';
import { transact } from '../../database/transact';
import { type ClientFacts, clientOf } from '../../domain/actor';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkPassword } from '../../domain/validation/password';
import { PasswordReset } from '../../entities/password-reset';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { hashToken } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { setPassword } from '../session/set-password';

export interface ResetPassword extends Partial<ClientFacts> {
  readonly token: string;
  readonly newPassword: string;
}

/**
 * Sets the password of whoever got the mail, and ends all their sessions. INVALID_CREDENTIALS: the token was never
 * given out or was used, the password was changed meanwhile, or the account is disabled. TOKEN_EXPIRED after an hour.
 */
export async function resetPassword(
  database: Database,
  input: ResetPassword,
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<{ readonly endedSessions: number }>> {
  const tokenHash = hashToken(input.token);
  const found = await read(database.source, SERVER, (manager) => manager.findOneBy(PasswordReset, { tokenHash }));
  if (found === null) return refused(useless());
  const invalid = checkPassword(input.newPassword, 'newPassword');
  if (invalid.length > 0) return refused(invalid);
  const passwordHash = await dependencies.passwords.hash(input.newPassword);
  return transact(database, { workspaceId: found.workspaceId }, async (transaction) => {
    // The person first, as everywhere: two links of one person then cannot wait for each other.
    const user = await transaction.rows(User, found.workspaceId).lock({ id: found.userId });
    const reset = await transaction.rows(PasswordReset, found.workspaceId).lock({ id: found.id });
    if (user === null || user.disabledAt !== null || reset === null || reset.endedAt !== null) {
      return refused(useless());
    }
    if (reset.expiresAt <= (await transaction.now())) {
      return refused(refusal('TOKEN_EXPIRED', 'This link has expired. Ask for a new one.', 'token'));
    }
    const by = { kind: 'USER', userId: user.id, impersonatorId: null, ...clientOf(input) } as const;
    await audit(transaction, by, 'PASSWORD_CHANGED', user);
    return done({ endedSessions: await setPassword(transaction, user, passwordHash) });
  });
}

function useless(): Refusal {
  return refusal('INVALID_CREDENTIALS', 'This link does not work, or not any more. Ask for a new one.', 'token');
}
