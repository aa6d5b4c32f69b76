import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { type ClientFacts, clientOf } from '../../domain/actor';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { audit } from '../audit/audit';
import { findAccounts } from './find-accounts';
import { openSession, type SignedIn } from './open-session';

export interface SignIn extends Partial<ClientFacts> {
  readonly email: string;
  readonly password: string;
  /** Slug of the workspace. Needed only by people who have accounts with the same password in several. */
  readonly workspace?: string | null;
}

/** Several times what the writing takes. */
const FAILURE_MS = 100;

/**
 * Signs a person in with e-mail and password. An unknown address, a wrong password, a disabled account and an unknown
 * workspace all get INVALID_CREDENTIALS, after the same work. Failures are audited in each workspace that was meant.
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
  if (match !== undefined) return signInAs(database, match, input);
  // The pause is there with and without accounts: whether there was a failure to write down cannot be seen in the time.
  await Promise.all([auditFailures(database, candidates, input), delay(FAILURE_MS)]);
  return refused(wrongCredentials());
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
    if (user === null) return refused(wrongCredentials());
    if (user.disabledAt !== null || user.passwordHash !== match.passwordHash) {
      await audit(transaction, { kind: 'ANONYMOUS', ...clientOf(input) }, 'SIGN_IN_FAILED', user);
      return refused(wrongCredentials());
    }
    const signedIn = await openSession(transaction, user, input.userAgent ?? null);
    const by = { kind: 'USER', userId: user.id, impersonatorId: null, ...clientOf(input) } as const;
    await audit(transaction, by, 'SIGNED_IN', { ...user, id: signedIn.session.id });
    return done(signedIn);
  });
}

async function auditFailures(database: Database, accounts: readonly User[], input: SignIn): Promise<void> {
  for (const account of accounts) {
    const by = { kind: 'ANONYMOUS', ...clientOf(input) } as const;
    await transact(database, { workspaceId: account.workspaceId }, (transaction) =>
      audit(transaction, by, 'SIGN_IN_FAILED', account),
    );
  }
}

function wrongCredentials(): ReturnType<typeof refusal> {
  const message = 'The e-mail address or the password is not right. If you named a workspace, check that too.';
  return refusal('INVALID_CREDENTIALS', message);
}
