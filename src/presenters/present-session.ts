import { encodePublicId } from '../domain/public-id';
import type { Session as SessionRow } from '../entities/session';
import { Session } from '../schema/session';

export function presentSession(row: SessionRow, currentSessionId: string | null): Session {
  return Object.assign(new Session(), {
    id: encodePublicId('session', row.id),
    createdAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    userAgent: row.userAgent,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    impersonatorRef: row.impersonatorId,
    isCurrent: row.id === currentSessionId,
  });
}
