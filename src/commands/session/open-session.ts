import { newId } from '../../database/ids';
import type { Transaction } from '../../database/transact';
import { Session } from '../../entities/session';
import type { User } from '../../entities/user';
import { hashToken, newToken } from '../../identity/tokens';
import { storable } from '../../database/storable';

export interface SignedIn {
  readonly user: User;
  readonly session: Session;
  /** Shown once; the database holds its hash alone. */
  readonly accessToken: string;
  readonly expiresAt: Date;
}

const SESSION_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_USER_AGENT = 300;

/** Signs a person in who has proven who they are. */
export async function openSession(transaction: Transaction, user: User, userAgent: string | null): Promise<SignedIn> {
  const accessToken = newToken('USER_SESSION');
  const now = await transaction.now();
  const expiresAt = new Date(now.getTime() + SESSION_DAYS * DAY_MS);
  const session = await transaction.rows(Session, user.workspaceId).insert({
    id: newId(),
    userId: user.id,
    tokenHash: hashToken(accessToken),
    userAgent: userAgent === null ? null : storable(userAgent).slice(0, MAX_USER_AGENT),
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
    revokedAt: null,
  });
  return { user, session, accessToken, expiresAt };
}
