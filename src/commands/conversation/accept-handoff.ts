import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import type { Handoff } from '../../entities/handoff';
import { User } from '../../entities/user';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockByHandoff } from './handoff-outcome';

/**
 * "Handle chat". Of several concurrent callers exactly one wins; the others get ALREADY_CLAIMED and the winner's
 * handoff. A retry by the winner succeeds and changes nothing.
 */
export async function acceptHandoff(
  database: Database,
  principal: Principal,
  input: { handoffId: string },
): Promise<Outcome<HandoffOutcome>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockByHandoff(transaction, principal, input.handoffId, ['operate']);
    if (!locked.ok) return locked.outcome;
    const { conversation, handoff } = locked;
    const operatorId = principal.kind === 'USER' ? principal.userId : null;
    const value = { conversation: conversation.row, handoff };
    if (handoff?.state === 'ACCEPTED') {
      if (handoff.acceptedById === operatorId) return done(value);
      return refused(await alreadyClaimed(transaction, handoff), value);
    }
    if (handoff === null || handoff.id !== conversation.row.handoffId || handoff.state !== 'REQUESTED') {
      return refused(refusal('INVALID_TRANSITION', 'This request has already ended.', 'handoffId'), value);
    }
    return finish(conversation, await changeControl(conversation, 'acceptHandoff', principal, { operatorId }));
  });
}

async function alreadyClaimed(transaction: Transaction, handoff: Handoff): Promise<Refusal> {
  const winner = await transaction.rows(User, handoff.workspaceId).find({ id: handoff.acceptedById ?? '' });
  return refusal(
    'ALREADY_CLAIMED',
    `${winner?.displayName ?? 'Another operator'} already has this conversation.`,
    'handoffId',
  );
}
