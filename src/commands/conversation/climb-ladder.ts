import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { nextRungAt } from '../../domain/conversation/escalation';
import { Handoff } from '../../entities/handoff';
import { HandoffRung } from '../../entities/handoff-rung';
import { HandoffHold } from '../../entities/handoff-hold';
import { User } from '../../entities/user';
import type { Transfer } from './control-change';
import { type LockedConversation, lockConversation } from './locked-conversation';

/**
 * Tells the next people of a request that still waits, when it is time by the database's clock. Does nothing when somebody
 * accepted first, or when it is too early; so it may be called by anybody at any time.
 *
 * @returns whether this call reached a rung
 */
export async function climbLadder(
  database: Database,
  handoff: { readonly id: string; readonly workspaceId: string; readonly conversationId: string },
): Promise<boolean> {
  const { id, workspaceId, conversationId } = handoff;
  return transact(database, { workspaceId }, async (transaction) => {
    const conversation = await lockConversation(transaction, workspaceId, conversationId);
    if (conversation === null || conversation.row.handoffId !== id) return false;
    const { now } = conversation;
    const current = await transaction.rows(Handoff, workspaceId).find({ id });
    if (current?.state !== 'REQUESTED' || current.nextRungAt === null || current.nextRungAt > now) return false;
    const rungs = await transaction.rows(HandoffRung, workspaceId).list({ handoffId: id, state: 'WAITING' });
    const due = rungs.filter(({ rung, dueAt }) => rung !== 'UNANSWERED' && dueAt <= now);
    const reached = due.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).at(-1);
    for (const rung of due) {
      await transaction.rows(HandoffRung, workspaceId).update({ id: rung.id }, { state: 'REACHED', reachedAt: now });
    }
    const changed = {
      rung: reached?.rung ?? current.rung,
      nextRungAt: nextRungAt(rungs.filter((rung) => !due.includes(rung))),
      version: current.version + 1,
    };
    await transaction.rows(Handoff, workspaceId).update({ id }, changed);
    const transfer = await transferOf(conversation, current);
    conversation.tell('HANDOFF_CHANGED', id, { ...current, ...changed, ...(transfer && { transfer }) });
    return true;
  });
}

/** Of a request that an operator handed to the team: it is told under the hold that ended with it, and never to them. */
async function transferOf(
  { transaction, row }: LockedConversation,
  { id: handoffId, transferredById }: Handoff,
): Promise<(Transfer & { readonly holdId: string }) | null> {
  if (transferredById === null) return null;
  const holds = await transaction.rows(HandoffHold, row.workspaceId).list({ handoffId }, { beganAt: 'DESC' });
  const by = await transaction.rows(User, row.workspaceId).find({ id: transferredById });
  const [newest] = holds;
  if (newest === undefined || by === null) return null;
  return { byId: by.id, byName: by.displayName, note: null, holdId: newest.id };
}
