import { IsNull, LessThanOrEqual } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import type { Conversation } from '../../entities/conversation';
import { seeNotifications } from '../notification/see-notifications';
import { type LockedConversation, lockVisible } from './locked-conversation';

/** Moves the reader's mark forward, never back. A sequence beyond the newest message means the newest. */
export async function markRead(
  database: Database,
  principal: Principal,
  input: { conversationId: string; upToSequence: number },
): Promise<Outcome<Conversation>> {
  if (principal.kind === 'API_KEY') return refused(forbidden('An API key does not read; only people do.'));
  if (input.upToSequence < 0) return refused(refusal('INVALID', 'Give a sequence of 0 or more.', 'upToSequence'));
  const reader = principal.kind === 'USER' ? principal.userId : principal.visitorId;
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const impersonated = refuseImpersonator(principal, 'markRead');
    if (impersonated !== null) return refused(impersonated, conversation.row);
    const sequence = Math.min(input.upToSequence, conversation.row.lastSequence);
    await markReadUpTo(conversation, reader, sequence);
    if (principal.kind === 'USER') await seeWhatWasRead(conversation, principal.userId, sequence);
    return done(conversation.row);
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

/** Whoever writes has read everything up to there. */
export async function markReadUpTo(
  conversation: LockedConversation,
  readerId: string,
  sequence: number,
): Promise<void> {
  const { transaction, row } = conversation;
  await transaction.manager.query(
    `insert into conversation_reads (workspace_id, conversation_id, reader_id, sequence) values ($1, $2, $3, $4)
     on conflict (conversation_id, reader_id) do update
       set sequence = greatest(conversation_reads.sequence, excluded.sequence)`,
    [row.workspaceId, row.id, readerId, sequence],
  );
}
