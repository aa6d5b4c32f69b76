import { IsNull, LessThanOrEqual } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import type { Conversation } from '../../entities/conversation';
import { seeNotifications } from '../notification/see-notifications';
import { type LockedConversation, lockVisible } from './locked-conversation';

export interface MarkedRead {
  readonly conversation: Conversation;
  /** How far the reader has read now; null: the mark was there already, or further on. */
  readonly movedTo: number | null;
}

/** Moves the reader's mark forward, never back. A sequence beyond the newest message means the newest. */
export async function markRead(
  database: Database,
  principal: Principal,
  input: { conversationId: string; upToSequence: number },
): Promise<Outcome<MarkedRead>> {
  if (principal.kind === 'API_KEY') return refused(forbidden('An API key does not read; only people do.'));
  if (input.upToSequence < 0) return refused(refusal('INVALID', 'Give a sequence of 0 or more.', 'upToSequence'));
  const reader = principal.kind === 'USER' ? principal.userId : principal.visitorId;
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const impersonated = refuseImpersonator(principal, 'markRead');
    const { row } = conversation;
    if (impersonated !== null) return refused(impersonated, { conversation: row, movedTo: null });
    const sequence = Math.min(input.upToSequence, row.lastSequence);
    const hasMoved = await markReadUpTo(conversation, reader, sequence);
    if (principal.kind === 'USER') await seeWhatWasRead(conversation, principal.userId, sequence);
    return done({ conversation: row, movedTo: hasMoved ? sequence : null });
  });
}

/** The bell says nothing of what its owner has in front of them. */
async function seeWhatWasRead(
  { transaction, row }: LockedConversation,
  userId: string,
  sequence: number,
): Promise<void> {
  const unseen = { userId, conversationId: row.id, seenAt: IsNull(), throughSequence: LessThanOrEqual(sequence) };
  await seeNotifications(transaction, row.workspaceId, unseen);
}

/** Whoever writes has read everything up to there. Returns whether the mark was not there yet. */
export async function markReadUpTo(
  conversation: LockedConversation,
  readerId: string,
  sequence: number,
): Promise<boolean> {
  const { transaction, row } = conversation;
  const moved = await transaction.manager.query<unknown[]>(
    `insert into conversation_reads (workspace_id, conversation_id, reader_id, sequence) values ($1, $2, $3, $4)
     on conflict (conversation_id, reader_id) do update
       set sequence = excluded.sequence where conversation_reads.sequence < excluded.sequence
     returning 1`,
    [row.workspaceId, row.id, readerId, sequence],
  );
  return moved.length > 0;
}
