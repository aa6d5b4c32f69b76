import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import type { Outcome } from '../../domain/refusal';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockFor } from './handoff-outcome';

/** "Continue chat yourself": takes the conversation without a request; a request that waits is the one accepted. */
export async function takeOverConversation(
  database: Database,
  principal: Principal,
  input: { conversationId: string; expectedControlEpoch: number | null },
): Promise<Outcome<HandoffOutcome>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockFor(transaction, principal, input.conversationId, ['operate'], 'conversationId');
    if (!locked.ok) return locked.outcome;
    const operatorId = principal.kind === 'USER' ? principal.userId : null;
    const change = { operatorId, expectedEpoch: input.expectedControlEpoch };
    return finish(
      locked.conversation,
      await changeControl(locked.conversation, 'takeOverConversation', principal, change),
    );
  });
}
