import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import type { Outcome } from '../../domain/refusal';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockFor } from './handoff-outcome';

/** Closes a conversation. A person's handoff ends as RESOLVED; the visitor's next message opens it again. */
export async function closeConversation(
  database: Database,
  principal: Principal,
  input: { conversationId: string },
): Promise<Outcome<HandoffOutcome>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockFor(transaction, principal, input.conversationId, ['operate'], 'conversationId');
    if (!locked.ok) return locked.outcome;
    return finish(locked.conversation, await changeControl(locked.conversation, 'closeConversation', principal, {}));
  });
}
