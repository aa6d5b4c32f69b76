import { presenceStatus } from '../domain/presence';
import type { User as UserRow } from '../entities/user';
import type { RequestContext } from './request-context';

/** Tells those who watch a conversation with this person that their status has changed. */
export async function announcePresence(context: RequestContext, user: UserRow): Promise<void> {
  const { isConnected, lastActiveAt } = await context.loaders.presences.load(user.id);
  context.app.hints.publishSignal({
    kind: 'PRESENCE',
    workspaceId: user.workspaceId,
    actorKind: 'USER',
    actorId: user.id,
    status: presenceStatus({ connected: isConnected, available: user.available }),
    lastActiveAt: lastActiveAt?.toISOString() ?? null,
  });
}
