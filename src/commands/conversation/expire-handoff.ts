import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SYSTEM } from '../../domain/audit';
import { Handoff } from '../../entities/handoff';
import { changeControl } from './change-control';
import { lockConversation } from './locked-conversation';

/**
 * Ends a request whose deadline has passed by the database's clock: UNANSWERED, and the AI is back. Does nothing when
 * somebody accepted or cancelled first, or when it is too early; so it may be called by anybody at any time.
 *
 * @returns whether this call ended it
 */
export async function expireHandoff(
  database: Database,
  handoff: { readonly id: string; readonly workspaceId: string; readonly conversationId: string },
): Promise<boolean> {
  return transact(database, { workspaceId: handoff.workspaceId }, async (transaction) => {
    const conversation = await lockConversation(transaction, handoff.workspaceId, handoff.conversationId);
    if (conversation === null || conversation.row.handoffId !== handoff.id) return false;
    const current = await transaction.rows(Handoff, handoff.workspaceId).find({ id: handoff.id });
    if (current?.state !== 'REQUESTED' || current.answerBy === null || current.answerBy > conversation.now)
      return false;
    const result = await changeControl(conversation, 'expireHandoff', SYSTEM, {});
    await conversation.save();
    return result.ok;
  });
}
