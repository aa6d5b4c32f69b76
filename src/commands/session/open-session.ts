import { newId } from '../../database/ids';
import type { Transaction } from '../../database/transact';
import { Session } from '../../entities/session';
import type { UserPrincipal } from '../../domain/actor';
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

const SESSION_MS = 14 * 24 * 60 * 60 * 1000;
const IMPERSONATION_MS = 15 * 60 * 1000;
const MAX_USER_AGENT = 300;

/**
 * Opens a session of a person: for themselves, who have proven who they are, or for a member of staff who logs in as
 * them. The latter is short, cannot be made longer, and is good for no longer than the impersonator's own session.
 */
export async function openSession(
  transaction: Transaction,
  user: User,
  userAgent: string | null,
  impersonator: UserPrincipal | null = null,
): Promise<SignedIn> {
  const accessToken = newToken('USER_SESSION');
  const now = await transaction.now();
  const expiresAt = new Date(now.getTime() + (impersonator === null ? SESSION_MS : IMPERSONATION_MS));
  const session = await transaction.rows(Session, user.workspaceId).insert({
    id: newId(),
    userId: user.id,
    impersonatorId: impersonator?.userId ?? null,
    impersonatorSessionId: impersonator?.sessionId ?? null,
    tokenHash: hashToken(accessToken),
    userAgent: userAgent === null ? null : storable(userAgent).slice(0, MAX_USER_AGENT),
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
    revokedAt: null,
  });
  return { user, session, accessToken, expiresAt };
}
