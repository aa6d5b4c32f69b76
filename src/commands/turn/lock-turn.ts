import type { Transaction } from '../../database/transact';
import { Turn } from '../../entities/turn';
import { type LockedConversation, lockConversation } from '../conversation/locked-conversation';

/** Which turn: what a job carries, as ids. */
export interface TurnRef {
  readonly id: string;
  readonly workspaceId: string;
  readonly conversationId: string;
}

/** Locks the conversation of a turn that is still open and still of the current epoch; null when it is neither. */
export async function lockOpenTurn(
  transaction: Transaction,
  ref: TurnRef,
): Promise<{ conversation: LockedConversation; turn: Turn } | null> {
  const conversation = await lockConversation(transaction, ref.workspaceId, ref.conversationId);
  const turn = await transaction.rows(Turn, ref.workspaceId).find({ id: ref.id });
  if (conversation === null || turn?.state !== 'OPEN') return null;
  const { controller, controlEpoch } = conversation.row;
  return controller === 'AI' && controlEpoch === turn.controlEpoch ? { conversation, turn } : null;
}
