import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { type Outcome, refusal, refused } from '../../domain/refusal';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockByHandoff } from './handoff-outcome';

/** Ends a request that still waits: by the visitor who does not want to wait any longer, or by an operator. */
export async function cancelHandoff(
  database: Database,
  principal: Principal,
  input: { handoffId: string },
): Promise<Outcome<HandoffOutcome>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockByHandoff(transaction, principal, input.handoffId, ['visit', 'operate']);
    if (!locked.ok) return locked.outcome;
    const { conversation, handoff } = locked;
    if (handoff?.id !== conversation.row.handoffId) {
      const value = { conversation: conversation.row, handoff };
      return refused(refusal('INVALID_TRANSITION', 'This request has already ended.', 'handoffId'), value);
    }
    return finish(conversation, await changeControl(conversation, 'cancelHandoff', principal, {}));
  });
}
