import { In, IsNull } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, type Outcome, refusal, refused } from '../../domain/refusal';
import { Notification } from '../../entities/notification';
import { seeNotifications } from './see-notifications';

/** Either some, or those of one conversation; with neither, all. */
export interface MarkNotificationsSeen {
  readonly ids?: readonly string[] | null;
  readonly conversationId?: string | null;
}

const MAX_IDS = 500;

/**
 * Marks the caller's own notifications as seen. Ids of other people's, or of none, are left alone without a word: what
 * is asked for ("these are not new to me") holds for them anyway.
 */
export async function markNotificationsSeen(
  database: Database,
  principal: Principal,
  input: MarkNotificationsSeen,
): Promise<Outcome<{ unseenCount: number }>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person has notifications.'));
  const impersonated = refuseImpersonator(principal, 'markRead');
  if (impersonated !== null) return refused(impersonated);
  const { ids, conversationId } = input;
  if (ids && conversationId) return refused(refusal('INVALID', 'Give either ids or a conversation.', 'ids'));
  if (ids && ids.length > MAX_IDS) return refused(refusal('LIMIT_EXCEEDED', `At most ${MAX_IDS} ids at once.`, 'ids'));
  return transact(database, principal, async (transaction) => {
    const unseen = { userId: principal.userId, seenAt: IsNull() };
    const chosen = { ...unseen, ...(ids ? { id: In([...ids]) } : {}), ...(conversationId ? { conversationId } : {}) };
    await seeNotifications(transaction, principal.workspaceId, chosen);
    const unseenCount = await transaction.manager.countBy(Notification, {
      ...unseen,
      workspaceId: principal.workspaceId,
    });
    return done({ unseenCount });
  });
}
