import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { findAccounts } from './find-accounts';
import { openSession, type SignedIn } from './open-session';

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Slug of the workspace. Needed only by people who have accounts with the same password in several. */
  readonly workspace?: string | null;
  /** The request's User-Agent, for the list of sessions. */
  readonly userAgent?: string | null;
}

/**
 * Signs a person in with e-mail and password. An unknown address, a wrong password, a disabled account and an unknown
 * workspace all get INVALID_CREDENTIALS, after the same work.
 */
export async function signIn(
  database: Database,
  input: SignIn,
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<SignedIn>> {
  const candidates = await findAccounts(database, input);
  const matches = await matchPassword(candidates, input.password, dependencies.passwords);
  if (matches.length > 1) {
    return refused(
      refusal('INVALID', 'You have accounts in several workspaces: name the one to sign in to.', 'workspace'),
    );
  }
  const [match] = matches;
  return match === undefined ? refused(wrongCredentials()) : signInAs(database, match, input);
}

async function matchPassword(candidates: User[], password: string, passwords: PasswordHasher): Promise<User[]> {
  // Without an account there is still one hash to wait for, so that the time tells nobody which addresses exist.
  if (candidates.length === 0) await passwords.verify(password, null);
  const results = await Promise.all(candidates.map((user) => passwords.verify(password, user.passwordHash)));
  return candidates.filter((_user, index) => results[index]);
}

async function signInAs(database: Database, match: User, input: SignIn): Promise<Outcome<SignedIn>> {
  return transact(database, { workspaceId: match.workspaceId }, async (transaction) => {
    // Read again: hashing took long enough for somebody to disable the account or change its password meanwhile.
    const user = await transaction.rows(User, match.workspaceId).lock({ id: match.id });
    if (user === null || user.disabledAt !== null || user.passwordHash !== match.passwordHash)
      return refused(wrongCredentials());
    return done(await openSession(transaction, user, input.userAgent ?? null));
  });
}

function wrongCredentials(): ReturnType<typeof refusal> {
  const message = 'The e-mail address or the password is not right. If you named a workspace, check that too.';
  return refusal('INVALID_CREDENTIALS', message);
}
